"""Posters, storyboards and previews of a video."""
