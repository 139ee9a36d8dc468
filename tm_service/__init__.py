"""Changed text into six languages and back. Start at README, then service.py."""
