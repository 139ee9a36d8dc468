"""The ground: the model, the ports and the errors; frozen, pure, standard library and `locales` only."""
