"""Asking somebody outside to become a contact."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Invitations:
    """The operations tagged Invitations."""

    _caller: Caller
