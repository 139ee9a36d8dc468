"""Use cases: every arrow of the walk, one verb each; they see ports, never the rooms behind them."""
