"""The console: what the APIs do, for people in a browser."""
