"""Running ffmpeg and the probe within limits."""
