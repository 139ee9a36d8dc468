"""The interface for programs: one call a task, below `/api/v1`."""
