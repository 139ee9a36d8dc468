"""The clearing-house API over our own records room: the subset that its clients use, as they use it."""
