"""Bodies and answers of the Videos API, one file for each noun."""
