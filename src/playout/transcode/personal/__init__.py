"""Personal films: a base with key frames where its drawings begin, and segments drawn over."""
