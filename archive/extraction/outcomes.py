"""What can become of reading a file, and why; each reason has one sentence that the lists and pages repeat.

`of` decides from what was gathered; `named` takes the name into account that one message gives the file: a picture
called `contract.pdf` has no text inside, but whoever searches must know that no contract was read.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """How a file was left."""

    READ = "read"
    EMPTY = "empty"
    PARTLY = "partly"
    UNREADABLE = "unreadable"


class Reason(StrEnum):
    """Why a file, or an entry of it, was not read as a whole."""

    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    TOO_MANY = "too_many"
    TOO_DEEP = "too_deep"
    OVERLAP = "overlap"
    UNSAFE_NAME = "unsafe_name"
    WRONG_EXTENSION = "wrong_extension"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNSUPPORTED = "unsupported"
    ENTITIES = "entities"
    SCANNED = "scanned"
    MEMORY = "memory"
    TIME = "time"
    CRASHED = "crashed"
    MISSING = "missing"


SENTENCES = {
    Reason.ENCRYPTED: "It is encrypted.",
    Reason.BROKEN: "It is damaged or incomplete.",
    Reason.TOO_LARGE: "It holds more than is read of one file; the beginning was read.",
    Reason.BOMB: "It unpacks to far more than it is, as a zip bomb does.",
    Reason.TOO_MANY: "It holds more files than are read of one file.",
    Reason.TOO_DEEP: "Its files lie too deep inside each other.",
    Reason.OVERLAP: "Files inside lie over each other, which no honest archive has.",
    Reason.UNSAFE_NAME: "The name of a file inside points out of it; the text was read.",
    Reason.WRONG_EXTENSION: "It is not what its name says, and has no text to read.",
    Reason.UNKNOWN_FORMAT: "Its format is not known.",
    Reason.UNKNOWN_ENCODING: "It is text in an encoding that cannot be told.",
    Reason.UNSUPPORTED: "Files of this format are not read.",
    Reason.ENTITIES: "It declares entities of its own, which are never followed.",
    Reason.SCANNED: "Its pages are pictures; text in pictures is not read.",
    Reason.MEMORY: "Reading it takes more memory than is allowed.",
    Reason.TIME: "Reading it takes longer than is allowed.",
    Reason.CRASHED: "Reading it broke the reader.",
    Reason.MISSING: "Its bytes are not on the disk.",
}

# What a name promises, by its extension: the formats that keep the promise.
_TEXT = frozenset({"text", "json", "html", "xml", "mail", "calendar"})
PROMISES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("txt", "log", "md", "csv", "tsv", "json", "xml", "html", "htm"), _TEXT),
    **dict.fromkeys(("eml", "ics", "vcf"), _TEXT),
    **{name: frozenset({name}) for name in ("pdf", "rtf", "docx", "xlsx", "pptx", "odt", "ods", "odp")},
    **dict.fromkeys(("zip",), frozenset({"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"})),
}


def of(*, has_text: bool, reasons: list[Reason]) -> Outcome:
    """How a file is left of which something was gathered or not, with what stood in the way."""
    if len(reasons) > 0:
        return Outcome.PARTLY if has_text else Outcome.UNREADABLE
    return Outcome.READ if has_text else Outcome.EMPTY


def named(name: str, *, kind: str, outcome: Outcome, reason: str) -> tuple[Outcome, str]:
    """The outcome and reason for a file of this name: without text, a broken promise is a reason of its own."""
    promised = PROMISES.get(name.rpartition(".")[2].lower()) if "." in name else None
    is_kept = promised is None or kind in promised or kind == "nothing"
    if is_kept or outcome in (Outcome.READ, Outcome.PARTLY):
        return outcome, reason
    if outcome is Outcome.EMPTY or reason in (Reason.UNKNOWN_FORMAT, Reason.UNKNOWN_ENCODING):
        return Outcome.UNREADABLE, Reason.WRONG_EXTENSION
    return outcome, reason
