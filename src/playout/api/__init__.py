"""The four APIs, and the porch they share: credential, body, call, errors."""
