"""Groups of the company directory and their members."""

from __future__ import annotations

from dataclasses import dataclass

from zoom.calls import Caller


@dataclass(frozen=True, slots=True)
class ImGroups:
    """The operations tagged IM Groups."""

    _caller: Caller
