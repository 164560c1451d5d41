"""A day as the HTML part of a mail: a table of participants, then what was said.

Nothing in it acts: every text is escaped and marked, there is no link, no image and no script, and a policy of its own
forbids whatever a reader would load. Writing of either direction keeps to its own element.
"""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from html import escape

from archive.packages import stories, telling
from archive.packages.content import Day

_STYLE = (
    "body{font:14px/1.5 sans-serif;color:#1b1f24;background:#fff;margin:1.5em;max-width:60em}"
    "table{border-collapse:collapse;margin:0 0 1em}th,td{text-align:left;vertical-align:top;padding:.15em 1em .15em 0}"
    "th{font-weight:600}h1{font-size:1.3em}h2{font-size:1.1em}section{margin:0 0 1em}p{margin:.1em 0}"
    ".words{white-space:pre-wrap;overflow-wrap:anywhere}.note,.when{color:#57606a}.earlier{border-left:3px solid #d0d7de;"
    "padding-left:.7em}.state{color:#57606a}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(day: Day, *, zone: tzinfo = UTC) -> Iterator[str]:
    """The page, in pieces."""
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(telling.title(day))}, {day.day.isoformat()}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_own(telling.title(day))}</h1>\n<table>\n"
    )
    for name, value in telling.head(day, zone=zone):
        yield f'<tr><th scope="row">{escape(name)}</th><td>{_own(value)}</td></tr>\n'
    yield "</table>\n"
    yield from _participants(day)
    yield "<h2>What was said</h2>\n"
    for told in telling.events(day, zone=zone):
        yield from _event(told)
    yield "</body>\n</html>\n"


def _participants(day: Day) -> Iterator[str]:
    said: dict[int, int] = {}
    for message in day.messages:
        key = stories.speaker(message).id
        said[key] = said.get(key, 0) + 1
    people = stories.people(day)
    yield f"<h2>Participants ({len(people)})</h2>\n<table>\n"
    yield '<tr><th scope="col">Name</th><th scope="col">Known as</th><th scope="col">Messages</th></tr>\n'
    for person in people:
        known = f"<td>{_own(telling.named(person))}</td><td>{_own(telling.about(person))}</td>"
        yield f"<tr>{known}<td>{said.get(person.id, 0)}</td></tr>\n"
    yield "</table>\n"


def _event(told: telling.Told) -> Iterator[str]:
    state = f' <span class="state">· {escape(told.state)}</span>' if told.state != "" else ""
    yield f'<section>\n<p><span class="when">{told.at}</span> <strong>{_own(told.who)}</strong>{state}</p>\n'
    if told.text != "":
        yield _words(told.text)
    for earlier in told.earlier:
        yield f'<div class="earlier">\n<p class="note">Earlier wording, {earlier.at}</p>\n{_words(earlier.text)}</div>\n'
    for note in told.notes:
        yield f'<p class="note">{_own(note)}</p>\n'
    yield "</section>\n"


def _words(text: str) -> str:
    return f'<div class="words" dir="auto">{escape(text)}</div>\n'


def _own(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"
