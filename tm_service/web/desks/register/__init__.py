"""Register: the pages of the Secretariat, and what can be downloaded from them."""
