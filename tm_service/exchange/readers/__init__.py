"""Readers: the formats a return may come in, each read into units with neutral texts."""
