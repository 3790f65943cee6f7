"""Sign-in by OpenID Connect: what is said to a provider, and which of its answers are believed."""
