"""Players on other sites: the frames, and how other sites find them."""
