"""Whether what came is what was measured, and if not, a sentence that says in what: destroyed since, most of all."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, LiteralString

from archive import bulk
from archive.packages.content import Request
from archive.packages.contents import Contents

_NAMED = 5
_WORDS = {
    "messages": "messages",
    "revisions": "versions",
    "conversations": "sessions",
    "days": "days of sessions",
    "files": "files",
    "file_bytes": "bytes of files",
    "package_files": "files of the package",
    "package_bytes": "bytes of the package",
}
_GONE: LiteralString = """
SELECT count(*) OVER (), item.message_id, item.session_id, stone.disposition FROM archive_exportitem item
JOIN archive_tombstone stone USING (session_id, sent_at, message_id)
LEFT JOIN archive_leaf leaf ON leaf.kind = 10 AND leaf.subject_id = stone.id
WHERE item.export_id = %b::bigint AND (leaf.index IS NULL OR leaf.index >= %b::bigint)
ORDER BY item.session_id, item.sent_at, item.message_id LIMIT %b::bigint
"""


class Differs(Exception):
    """What came is not what was measured; the sentence says in what. Measure anew, at a new checkpoint."""


def check(expected: Contents, made: Contents, *, request: Request) -> None:
    """Raises Differs."""
    if made != expected:
        raise Differs(_sentence(expected, made, request))


def _sentence(expected: Contents, made: Contents, request: Request) -> str:
    gone = bulk.run(_GONE, (request.export_id, request.size, _NAMED))
    if len(gone) > 0 and made.destroyed > expected.destroyed:
        number = made.destroyed - expected.destroyed
        named = ", ".join(f"message {key} of session {place}" for _, key, place, _ in gone)
        under = ", ".join(str(one) for one in sorted({disposition for *_, disposition in gone}))
        more = f" and {gone[0][0] - len(gone):,} more" if gone[0][0] > len(gone) else ""
        return (
            f"{number:,} message{'' if number == 1 else 's'} that the preflight counted "
            f"{'was' if number == 1 else 'were'} destroyed since, under disposition {under}: {named}{more}."
        )
    said = [
        f"{getattr(made, name):,} {words} instead of {getattr(expected, name):,}"
        for name, words in _WORDS.items()
        if getattr(made, name) != getattr(expected, name)
    ]
    said += [
        f"{have:,} files missing ({reason}) instead of {had:,}"
        for reason, had, have in _changed(expected.missing, made.missing)
    ]
    if len(said) > 0:
        return f"The package is not what the preflight measured: {', '.join(said)}."
    names = [one.name for one in fields(Contents) if getattr(expected, one.name) != getattr(made, one.name)]
    return f"The package is not what the preflight measured: its {' and '.join(names)} differ."


def _changed(expected: Any, made: Any) -> list[tuple[str, int, int]]:
    keys = sorted({*expected, *made})
    return [
        (key, expected.get(key, 0), made.get(key, 0)) for key in keys if expected.get(key) != made.get(key)
    ]
