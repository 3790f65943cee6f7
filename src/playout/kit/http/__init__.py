"""HTTP: request log, instrumentation, idempotency, problem details, ranges."""
