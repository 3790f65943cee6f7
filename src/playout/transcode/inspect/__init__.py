"""Finding out what is in a media file."""
