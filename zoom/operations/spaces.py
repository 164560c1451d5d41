"""Shared spaces: channels and members kept together."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Spaces:
    """The operations tagged Shared Spaces."""

    _caller: Caller
