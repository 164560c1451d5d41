"""What a check says that it found, and what such facts are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.footing import Seen
from compliance.models import Custodian, Finding


@dataclass(frozen=True)
class Found:
    """Something found: `subject` tells it from others of its kind in the matter; `facts` fill its sentences."""

    kind: Finding.Kind
    subject: str
    facts: dict[str, Any]


def since(seen: Seen) -> dict[str, Any]:
    """Between which two reads it came to be so."""
    before = None if seen.before_at is None else seen.before_at.isoformat()
    return {"seen_at": seen.seen_at.isoformat(), "before_at": before}


def names(custodians: Iterable[Custodian]) -> str:
    """Their names in order, as a sentence lists them; "" of nobody."""
    *others, last = sorted(custodian.name for custodian in custodians) or [""]
    return last if len(others) == 0 else f"{', '.join(others)} and {last}"
