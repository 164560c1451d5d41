"""A document on paper, to be taken by itself."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF/A-2b, and the name to save it under: ASCII, and no part of it typed by anybody."""

    name: str
    pdf: bytes

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.pdf).digest()
