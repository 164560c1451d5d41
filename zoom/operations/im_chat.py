"""A message to a contact, the older way."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class ImChat:
    """The operations tagged IM Chat."""

    _caller: Caller
