"""Who may play a video, and the addresses, playlists and pictures that a player needs."""
