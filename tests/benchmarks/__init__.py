"""Benchmarks: what the service costs in seconds and mebibytes, with a peer or a baseline measured beside it."""
