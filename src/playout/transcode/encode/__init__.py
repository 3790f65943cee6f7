"""Making tracks and files: the ladder, remuxing, encoding, muxing."""
