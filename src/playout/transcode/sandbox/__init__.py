"""The sandbox that ffmpeg and the probe run in."""
