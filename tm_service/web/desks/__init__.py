"""Desks: the places where people work, one a kind of work, and what they share."""
