"""Inspect and encode video files with ffmpeg. Nothing in here knows the database."""
