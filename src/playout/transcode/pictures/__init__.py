"""Make posters, storyboards and previews of a video."""
