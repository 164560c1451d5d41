"""How often somebody may ask, counted before anything is written down: whoever shows a key in a loop fills no log.

A person's good tokens are counted together. A token that lets nobody in any more is counted by itself, so that whoever
found an old key takes nothing from its owner; keys that no token has are counted by the address they came from.
"""

from datetime import datetime

from rest_framework.exceptions import Throttled
from rest_framework.throttling import UserRateThrottle

from compliance import audit, tokens
from compliance.models import Token


class Rate(UserRateThrottle):
    """So many requests of one kind of whoever `ident` names; the rate is the setting of its scope."""

    def __init__(self, scope: str, ident: str) -> None:
        self.scope, self.ident = scope, ident
        super().__init__()

    def get_cache_key(self, request: object, view: object) -> str:
        """Under what the cache counts."""
        return f"throttle_{self.scope}_{self.ident}"

    def count(self) -> None:
        """Count one more. Raises Throttled, which says how long to wait."""
        if not self.allow_request(None, None):  # type: ignore[arg-type]  # neither is looked at
            raise Throttled(self.wait())


def of(token: Token | None, *, now: datetime) -> Rate:
    """What a request that shows this token, or a key that is none, counts towards."""
    if token is None:
        return Rate("refused", f"address/{audit.ADDRESS.get()}")
    if tokens.is_good(token, now=now):
        return Rate("user", str(token.person_id))
    return Rate("refused", tokens.subject(token))
