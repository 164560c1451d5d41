"""What changed between two wordings, word by word, to be read inline.

Long texts are compared as wholes: finding the least change between two books is not worth a reader's wait.
"""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_WORDS = 1500
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """A run of text that stayed, came or went."""

    kind: Kind
    text: str


def between(before: str, after: str) -> list[Change]:
    """The runs that make `after` out of `before`, in reading order; joined, they give back both."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST_WORDS:
        return [Change(kind, text) for kind, text in ((Kind.REMOVED, before), (Kind.ADDED, after)) if text]
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change(Kind.SAME, "".join(old[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change(Kind.REMOVED, "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(Change(Kind.ADDED, "".join(new[j1:j2])))
    return changes
