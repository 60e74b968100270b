"""What ingest reads and writes in PostgreSQL, one module a noun."""
