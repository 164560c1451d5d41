"""Everything on one machine with nothing installed: embedded Postgres and Redis, and the processes.

The servers come out of Python wheels and run under a keeper of our own (`keeper.py`), in a data folder, on
Unix sockets, for as long as some Holdfast command needs them. This package imports nothing else of the
project, so that it can be used before Django is configured. It does nothing when `DATABASE_URL` and
`REDIS_URL` are set.
"""
