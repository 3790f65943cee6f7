"""Feeds and sitemaps: published videos for feed readers and search engines."""
