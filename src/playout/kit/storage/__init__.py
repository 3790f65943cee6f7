"""Files: one interface over a local folder and object stores."""
