"""The jobs of legal holds together: what makes them due, whatever starts the workers."""

from datetime import datetime

from archive.capture import holds, zips
from archive.models import Account


def plan(*, account: Account, now: datetime, at_once: bool = False) -> int:
    """Free what dead workers had and make due what its time has come for; how many listings and zips are due."""
    holds.free_abandoned(account=account, now=now)
    zips.free_abandoned(account=account, now=now)
    listings = holds.make_due(account=account, now=now, at_once=at_once)
    return listings + zips.make_due(account=account, now=now, at_once=at_once)
