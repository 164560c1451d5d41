"""Bringing channels, members and messages from elsewhere into Zoom."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Migration:
    """The operations tagged Chat Migration."""

    _caller: Caller
