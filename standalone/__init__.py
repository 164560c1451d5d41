"""Everything on one machine with nothing installed: embedded Postgres and Redis, and the processes."""
