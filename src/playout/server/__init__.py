"""The HTTP server: uvicorn, with limits for each connection and a drain before it stops."""
