"""Routes of the Publications API, one file for each noun."""
