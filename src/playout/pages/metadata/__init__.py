"""What pages tell machines about their video: preview cards and structured data."""
