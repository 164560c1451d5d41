"""What a package has, in numbers: the same before it is made and after, or it is not the package that was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One zip of a package, without what is only known when it is made: see `Contents`."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Finished:
    """One zip as it is; `sha256` in hexadecimal."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package has; no names and no words, so that it may be kept for good.

    `messages` are those of which something is there, `revisions` their versions, `destroyed` those of which only a
    tombstone is left. `files` and `file_bytes` are of attachments' bytes, once a digest; `missing` counts attachments
    whose bytes are not there, by reason, zero for none. `days` are sessions times days in UTC, `open_days` those of them
    that are not complete, by state. `documents` are files of the package by format. `package_files`, `package_bytes`,
    `parts` and `sha256` (over the lines of the manifest) are without what is only known when it is made (`bag.LATE`,
    and the bag's own files): custody, the newest checkpoint, the time stamp.
    """

    messages: int
    revisions: int
    destroyed: int
    conversations: int
    days: int
    open_days: Mapping[str, int]
    files: int
    file_bytes: int
    missing: Mapping[str, int]
    documents: Mapping[str, int]
    package_files: int
    package_bytes: int
    parts: tuple[Part, ...]
    sha256: str

    def as_data(self) -> dict[str, Any]:
        """For a row of JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Contents:
        """From a row of JSON. Raises KeyError and TypeError for what is none."""
        values = {one.name: data[one.name] for one in fields(cls)}
        return cls(**{**values, "parts": tuple(Part(**part) for part in data["parts"])})


@dataclass(frozen=True, slots=True)
class Made:
    """A finished package: what was measured, and the zips as they are."""

    contents: Contents
    parts: tuple[Finished, ...]
