"""Guest links: unguessable addresses of one video, each given to somebody and revoked alone."""
