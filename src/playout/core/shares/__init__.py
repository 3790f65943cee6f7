"""Shares: a landing page for each channel of a project, and its render credentials."""
