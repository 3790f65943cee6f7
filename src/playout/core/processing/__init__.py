"""Processing: from a source to a video that plays, then to its renditions and pictures."""
