"""The worker: takes up jobs, one at a time in each thread, and does them through the service as any other door would."""
