"""The room of automation: keys, webhooks and events."""
