"""A user's conversations, and which of them are starred."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Sessions:
    """The operations tagged Chat Sessions."""

    _caller: Caller
