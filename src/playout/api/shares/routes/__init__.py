"""Routes of the Shares API, one file for each noun."""
