"""Who may play a video, and the URLs, manifests and pictures that a player needs."""
