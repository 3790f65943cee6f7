"""Find out what a media file holds."""
