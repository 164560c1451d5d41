"""Names of files in a package: the same on every machine that unpacks it, and no more than a name anywhere.

Folders and files of ours are plain ASCII, so that no archiver and no file system writes them in another way. A name that
a person gave a file is kept readable where a format shows it: without folders, without characters that act or that some
system refuses, never a device of Windows, never hidden, never an option or a formula, at most `limit_bytes` long with its
ending kept, and never the same as another in its place, by whatever rule a file system compares. The name as Zoom gave it
is in the records.
"""

import re
import unicodedata

from archive import inert, readable
from archive.packages.content import Conversation, Day

_REFUSED = re.compile('[<>:"/\\\\|?*\u2044\u2215\u29f8\uff0f\uff3c\uff1a\ufffe\uffff]')
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
_LEADING = tuple(".-~=+@%")
_LONGEST_TITLE = 40
_LONGEST_ENDING = 20


def safe(name: str, *, fallback: str = "file", limit_bytes: int = 120) -> str:
    """A stranger's file name that names a file in any folder of any system, and nothing else."""
    shown = unicodedata.normalize("NFC", " ".join(inert.plain(name).split()))
    shown = _REFUSED.sub("_", shown).rstrip(". ")
    if shown == "":
        return fallback
    if shown.startswith(_LEADING) or shown.split(".")[0].rstrip(" ").casefold() in _DEVICES:
        shown = f"_{shown}"
    return _cut(shown, limit_bytes)


def ending(name: str) -> str:
    """The ending of a file's name with its dot, in small letters; empty when it has none of a usual kind."""
    found = _ENDING.search(safe(name))
    return "" if found is None else found[0].lower()


def folder(conversation: Conversation) -> str:
    """A folder's name for one conversation: its number, and of its title what is plain."""
    title = unicodedata.normalize("NFKD", conversation.title).casefold()
    plain = (
        _NOT_PLAIN.sub("-", title.encode("ascii", "ignore").decode()).strip("-")[:_LONGEST_TITLE].strip("-")
    )
    return f"session-{conversation.session_id}" + (f"-{plain}" if plain != "" else "")


def of_day(day: Day) -> str:
    """A file's name for a day or a part of one, without an ending; names sort as the parts do."""
    if day.parts == 1:
        return day.day.isoformat()
    width = len(str(day.parts))
    return f"{day.day.isoformat()}-part-{day.part:0{width}}-of-{day.parts}"


class Distinct:
    """Names in one place, no two of them the same to a system that ignores case or the way a letter is composed."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """The safe name itself, or with a number before its ending."""
        candidate, number = name, 1
        while (key := unicodedata.normalize("NFKC", candidate).casefold()) in self._taken:
            number += 1
            stem, last = _parted(name)
            candidate = f"{stem} ({number}){last}"
        self._taken.add(key)
        return candidate


def _parted(name: str) -> tuple[str, str]:
    stem, dot, last = name.rpartition(".")
    if stem == "" or len(last.encode()) > _LONGEST_ENDING:
        return name, ""
    return stem, dot + last


def _cut(name: str, limit_bytes: int) -> str:
    if len(name.encode()) <= limit_bytes:
        return name
    stem, last = _parted(name)
    room = limit_bytes - len(last.encode()) - len(readable.CUT.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + readable.CUT + last
