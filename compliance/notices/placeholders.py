"""The few things a wording may leave open, and filling them in. Pure.

A value is put in once and never read again for placeholders, so that a custodian called `{acknowledge_link}` gets none.
Names and matters are strangers' text: on one line, without characters that turn the writing.
"""

import re
from collections.abc import Mapping
from datetime import date
from html import escape

from compliance import inert
from compliance.hindrances import Hindrance
from compliance.models import NoticeKind

MEANINGS = {
    "custodian": "the custodian's name, as it was when they were added",
    "recipient": "the name of whoever gets this: the custodian, or in an escalation the person above them",
    "matter": "the matter's name",
    "reason": "the matter's reason",
    "since": "the first day held, or “the beginning”",
    "contact": "whom to ask, from the matter's plan",
    "first_sent": "the day the hold notice was sent",
    "acknowledge_link": "the custodian's own link to say that they have read it",
}
_EVERYWHERE = frozenset({"custodian", "recipient", "matter", "reason", "since", "contact"})
ALLOWED = {
    NoticeKind.HOLD: _EVERYWHERE | {"acknowledge_link"},
    NoticeKind.REMINDER: _EVERYWHERE | {"first_sent", "acknowledge_link"},
    NoticeKind.ESCALATION: _EVERYWHERE | {"first_sent"},
    NoticeKind.RELEASE: _EVERYWHERE,
}
NEEDS_LINK = frozenset({NoticeKind.HOLD, NoticeKind.REMINDER})
LONGEST_SUBJECT = 200
LONGEST_BODY = 8_000
LONGEST_NAME = 120
LONGEST_FILLED_SUBJECT = 400
_PLACE = re.compile(r"\{([^{}]*)\}")


class UnfitWording(Hindrance):
    """Why a wording cannot be kept, in a sentence a person can act on."""


def check(kind: NoticeKind, *, subject: str, body: str) -> None:
    """Raise UnfitWording unless the wording has words and leaves open only what its kind can fill in."""
    if subject.strip() == "" or body.strip() == "":
        raise UnfitWording("A notice needs a subject and a text.")
    if len(subject) > LONGEST_SUBJECT or len(body) > LONGEST_BODY:
        raise UnfitWording(
            f"The subject has at most {LONGEST_SUBJECT} characters, the text {LONGEST_BODY:,}."
        )
    if len(subject.splitlines()) > 1:
        raise UnfitWording("The subject is one line.")
    allowed = ALLOWED[kind]
    for name in [*_PLACE.findall(subject), *_PLACE.findall(body)]:
        if name not in MEANINGS:
            raise UnfitWording(f"“{{{name}}}” is not a placeholder. There are {_listed(allowed)}.")
        if name not in allowed:
            raise UnfitWording(f"“{{{name}}}” cannot stand in {_a(kind)}: {_why_not(name)}")
    for name in ("acknowledge_link", "reason"):
        if name in _PLACE.findall(subject):
            raise UnfitWording(f"“{{{name}}}” belongs into the text, not into the subject.")
    if kind in NEEDS_LINK and "acknowledge_link" not in _PLACE.findall(body):
        raise UnfitWording(
            f"{_a(kind).capitalize()} needs “{{acknowledge_link}}”, or nobody can acknowledge it."
        )


def fill(wording: str, values: Mapping[str, str]) -> str:
    """The wording with its placeholders filled in, in one pass."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), wording)


def filled_subject(wording: str, values: Mapping[str, str]) -> str:
    """A subject on one line, whatever the values hold, and not too long for a header."""
    line = one_line(fill(wording, values), most=LONGEST_FILLED_SUBJECT)
    return line if line else "Notice"


def one_line(text: str, *, most: int = LONGEST_NAME) -> str:
    """A stranger's text on one line, with deceiving characters written out, cut to a length."""
    line = " ".join(inert.plain(" ".join(text.split())).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def lines(text: str) -> str:
    """A stranger's text of several lines, with deceiving characters written out."""
    return "\n".join(inert.plain(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def day(value: date | None) -> str:
    """A day as people write it; no day is the beginning."""
    return "the beginning" if value is None else f"{value.day} {value:%B %Y}"


def as_html(text: str, *, link: str) -> str:
    """The same text as simple HTML: paragraphs, and one link, ours; nothing is fetched from anywhere.

    Addresses that a name or a reason holds stay plain words.
    """
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    anchor = f'<a href="{escape(link)}">{escape(link)}</a>'
    escaped = [escape(one).replace("\n", "<br>") for one in paragraphs]
    shown = "\n".join(f"<p>{one.replace(escape(link), anchor) if link else one}</p>" for one in escaped)
    return f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>\n{shown}\n</body></html>\n'


def _a(kind: NoticeKind) -> str:
    return f"{'an' if kind is NoticeKind.ESCALATION else 'a'} {kind.label}"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in MEANINGS if name in names)


def _why_not(name: str) -> str:
    if name == "acknowledge_link":
        return "the link is for the custodian alone, and a release needs no answer."
    return "nothing was sent before it."
