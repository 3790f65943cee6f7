"""Reading and encoding video files with ffmpeg. It knows nothing of the database."""
