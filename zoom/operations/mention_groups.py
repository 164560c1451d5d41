"""Mention groups: members of a channel that are called together."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class MentionGroups:
    """The operations tagged Chat Channel Mention Group."""

    _caller: Caller
