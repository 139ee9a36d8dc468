"""Connectors: the rooms that speak with git and with folders."""
