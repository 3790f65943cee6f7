"""Webhooks: endpoints, the deliveries of events to them, and the attempts at each delivery."""
