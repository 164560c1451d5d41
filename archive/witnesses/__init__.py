"""Checkpoints go out as they are made: to places where whoever has the database and the key cannot change them.

A folder (HOLDFAST_CHECKPOINT_DIR), a mailbox (HOLDFAST_WITNESS_EMAIL), a bucket with Object Lock
(HOLDFAST_WITNESS_BUCKET), a time-stamping authority (HOLDFAST_TIMESTAMP_URL). Each that is set up has a row, which is the
job that brings the newest checkpoint there; it is tried again until it succeeds, less and less often, and what is behind
is said. `inspection` compares what it finds in the places that can be read with the log.

Promises: a place is never overwritten, one that fails holds up no other, and no error has a password in it.
"""

from archive.witnesses.places import Standing, standings
from archive.witnesses.reading import Found, found
from archive.witnesses.sending import work

__all__ = ["Found", "Standing", "found", "standings", "work"]
