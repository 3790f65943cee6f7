"""Videos: what is published, shared, distributed and run in campaigns."""
