"""Metrics of what is collected."""

from playout.kit.metrics import counter, gauge

EVENTS_KEPT = counter("playout_analytics_events", "Events of viewers that were written")
BEACONS_DROPPED = counter(
    "playout_analytics_dropped", "Beacons and events of viewers that were not counted", ["reason"]
)
WAITING_BEACONS = gauge("playout_analytics_waiting", "Beacons that wait to be written")
