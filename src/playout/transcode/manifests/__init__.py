"""HLS playlists and DASH manifests."""
