"""Metrics of the ledger."""

from playout.kit.metrics import counter

EVENTS_COMMITTED = counter("playout_ledger_events", "Events committed by this process", ["type"])
