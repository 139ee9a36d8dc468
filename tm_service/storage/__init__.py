"""Storage: the only SQL of the pipeline; one module per aggregate, SQLite embedded or PostgreSQL by URL."""
