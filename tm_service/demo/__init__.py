"""The demo: an imaginary clearing-house with four releases behind it, and a translator who answers at once."""
