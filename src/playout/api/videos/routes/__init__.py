"""Routes of the Videos API, one file for each noun."""
