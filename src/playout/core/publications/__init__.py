"""Publications: the videos that are published, and their slugs."""
