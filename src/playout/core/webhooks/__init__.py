"""Webhooks: endpoints, the deliveries of events to them, and each attempt at one."""
