"""The room of videos."""
