"""The files of videos and of personal films, which are checked with each request."""
