"""Publications: what stands in the public feed, one for a video at the most."""
