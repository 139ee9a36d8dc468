"""People: accounts and how they sign in, their sessions, and the programs they registered with their tokens."""
