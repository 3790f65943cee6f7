"""The rules of who may play a video, and the URLs, manifests and pictures for players."""
