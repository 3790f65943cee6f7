"""What every HTTP server needs: request log, ranges, idempotency, instrumentation."""
