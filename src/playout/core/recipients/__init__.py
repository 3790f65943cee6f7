"""Recipients: people with a link of their own to a share, and their personal film behind it."""
