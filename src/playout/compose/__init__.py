"""Personal films: what is drawn for one viewer, and the segments that it touches."""
