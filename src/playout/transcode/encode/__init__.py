"""Make tracks and files from a source: copy, remux, encode, mux, assemble."""
