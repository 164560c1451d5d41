"""Reminders: messages that come back at a moment."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class Reminders:
    """The operations tagged Chat Reminder."""

    _caller: Caller
