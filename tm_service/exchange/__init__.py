"""Exchange: the formats in which packages leave the house and come back."""
