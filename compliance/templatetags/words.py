"""How the console says things: states with their mark, moments with their zone, counts, sizes, strangers' text.

What is unknown is printed as "unknown", never as zero and never as nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from archive import readable, search
from compliance import inert
from compliance.retention import periods

register = template.Library()

MARKS = {
    "complete": "●",
    "pulling": "◐",
    "claimed": "◐",
    "gap": "▲",
    "alarm": "▲",
    "failed": "▲",
    "unknown": "?",
    "held": "■",
    "due": "◷",
    "destroyed": "✕",
    "gone": "✕",
    "none": "·",
}
UNKNOWN = "unknown"
SHORT_LIST = 5
_ANY = 123456789


@register.simple_tag
def state(name: str, words: str = "") -> SafeString:
    """A state as its mark and its word: `{% state "gap" "3 gaps" %}`."""
    mark = MARKS.get(name, MARKS["unknown"])
    return format_html(
        '<span class="state state-{}"><b aria-hidden="true">{}</b><span>{}</span></span>',
        name,
        mark,
        words or name,
    )


def stated(marks: Mapping[Any, str], of: models.TextChoices) -> SafeString:
    """A state of a row by the mark that a page gives it, and its own words."""
    return state(marks[of], str(of.label))


@register.filter
def passage(found: search.Passage) -> SafeString:
    """The words of a passage, cut around the first match and inert."""
    return inert.highlighted(*inert.excerpt(found.text, found.spans))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A moment in the reader's zone; ISO in UTC on hover."""
    return _time(value, "%-d %b %Y, %H:%M") if value is not None else UNKNOWN


@register.filter
def exact(value: datetime | None) -> SafeString | str:
    """A moment to the second in the reader's zone, with the zone named."""
    return _time(value, "%-d %b %Y, %H:%M:%S %Z") if value is not None else UNKNOWN


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """The time of day only; the date is on hover."""
    return _time(value, "%H:%M") if value is not None else UNKNOWN


@register.filter
def spelled(value: datetime) -> str:
    """A moment to the second in the reader's zone, for an attribute."""
    return timezone.localtime(value).strftime("%-d %b %Y, %H:%M:%S")


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as `9 Feb 2026`."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value.day} {value:%b %Y}" if value is not None else UNKNOWN


@register.filter
def longday(value: date | None) -> str:
    """A day as `Monday, 9 February 2026`."""
    return f"{value:%A}, {value.day} {value:%B %Y}" if value is not None else UNKNOWN


@register.filter
def count(value: float | None) -> str:
    """A number with its thousands set apart; None is unknown."""
    return UNKNOWN if value is None else str(intcomma(value, use_l10n=False))


@register.filter
def keepsfor(value: str) -> str:
    """A period of Zoom's in words: `7y` is “7 years”."""
    return periods.in_words(value)


@register.filter
def size(value: int | None) -> str:
    """Bytes in the largest unit that leaves at least one whole."""
    return UNKNOWN if value is None else readable.size(value)


@register.filter
def hexed(value: bytes | memoryview | None) -> str:
    """Bytes as hexadecimal digits."""
    return UNKNOWN if value is None else bytes(value).hex()


@register.filter(name="inert")
def inert_text(value: object) -> SafeString:
    """A stranger's text: escaped, and marked where it could deceive."""
    return inert.text(str(value))


@register.filter
def plain(value: object) -> str:
    """A stranger's text for a title or an attribute."""
    return inert.plain(str(value))


@register.inclusion_tag("parts/identifier.html")
def identifier(value: str, length: int = 10) -> dict[str, object]:
    """An id or a hash: shortened, the whole on hover, with a button that copies it."""
    return {"value": value, "shown": value if len(value) <= length + 2 else f"{value[:length]}…"}


@register.simple_tag
def numbered(page: str, key: int) -> str:
    """The address of a page by its number, as `{% url page key %}` says it: for lists, where that is most of a line."""
    before, after = _around(page)
    return f"{before}{key}{after}"


@cache
def _around(page: str) -> tuple[str, str]:
    before, _, after = reverse(page, args=[_ANY]).partition(str(_ANY))
    return before, after


def _time(value: datetime, form: str) -> SafeString:
    utc = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', utc, utc, timezone.localtime(value).strftime(form)
    )


@register.simple_tag(takes_context=True)
def said(context: template.Context, value: str) -> SafeString:
    """What somebody said, with what the page's `sought` looks for marked.

    Characters without width are shown when the page's `show_hidden` asks for it.
    """
    ast: search.Ast | None = context.get("sought")
    spans = [] if ast is None else search.highlight(value, ast)
    return inert.highlighted(value, spans, show_hidden=bool(context.get("show_hidden")))


@register.filter
def decoded(value: bytes) -> str:
    """Bytes of ours that are ASCII text (a leaf's entry), as text."""
    return value.decode("ascii", "backslashreplace")


@register.simple_tag
def weeks(days: Sequence[Any], offset: int) -> list[list[Any]]:
    """The days of a month as weeks that begin on Monday, with None where the month does not reach."""
    cells: list[Any] = [None] * offset + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


DAY_STATES = {
    "complete": ("complete", "complete"),
    "partial": ("pulling", "complete in part"),
    "gap": ("gap", "gap"),
    "waiting": ("due", "not read yet"),
    "lost": ("gap", "lost"),
    "destroyed": ("destroyed", "destroyed in part"),
    "unknown": ("unknown", "unknown"),
}


@register.simple_tag
def daystate(name: str) -> SafeString:
    """The state of a session's day, with its mark and its word."""
    return state(*DAY_STATES.get(str(name), DAY_STATES["unknown"]))


@register.filter
def at(values: Mapping[Any, Any], key: object) -> Any:
    """The value under a key, or nothing."""
    return values.get(key, "")


REQUEST_STATES = {
    "asked": ("due", "waits for approval"),
    "approved": ("pulling", "approved, cooling off"),
    "carried_out": ("complete", "carried out"),
    "refused": ("none", "refused"),
    "withdrawn": ("none", "withdrawn"),
    "expired": ("none", "expired"),
    "overtaken": ("gap", "overtaken"),
    "failed": ("failed", "failed"),
}


@register.simple_tag
def requeststate(name: str) -> SafeString:
    """The state of a request, with its mark and its words."""
    return state(*REQUEST_STATES.get(name, ("unknown", name)))


@register.simple_tag
def requestend(name: str) -> str:
    """How a request ended, as the label of a line."""
    return REQUEST_STATES.get(name, ("", name))[1].capitalize()


@register.filter
def pairs(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Names with their values; `.items` in a template would be the value under the name “items”."""
    return list(values.items())


RUN_KINDS = {
    "backfill": "backfill",
    "scheduled": "by the clock",
    "sweep": "sweep for late edits and deletions",
    "manual": "started by a person",
}
WINDOW_KINDS = {
    "sessions": "the list of sessions",
    "messages": "messages",
    "modifications": "late edits and deletions",
    "activities": "channel joins and leaves",
    "directory": "channels, contacts, emoji",
}


@register.filter
def runkind(value: str) -> str:
    """What a capture run is, in words."""
    return RUN_KINDS.get(value, value)


@register.filter
def windowkind(value: str) -> str:
    """What a window reads, in words."""
    return WINDOW_KINDS.get(value, value)


SUBJECTS = {
    "session": "session",
    "message": "message",
    "search": "saved_search",
    "list": "list",
    "request": "approval",
    "wording": "wording",
    "rule": "keeping_rule",
    "erasure": "erasure",
    "disposition": "disposition",
    "export": "export",
    "retention/channel": "retention_channel",
    "retention/plan": "retention_plan",
    "retention/rule": "retention_rule",
}


@register.simple_tag
def subject(value: str) -> SafeString:
    """What an event was done to, as a link where it has a page."""
    kind, _, key = value.rpartition("/")
    if kind in SUBJECTS and key.isascii() and key.isdigit():
        return format_html('<a href="{}">{}</a>', reverse(SUBJECTS[kind], args=[int(key)]), value)
    return inert.text(value)


@register.filter
def detail(value: object) -> SafeString:
    """A detail of an event in full."""
    if isinstance(value, bool):
        return inert.text("yes" if value else "no")
    if isinstance(value, list):
        return inert.text(", ".join(str(item) for item in value) or "none")
    if isinstance(value, dict):
        return inert.text(", ".join(f"{name}: {item}" for name, item in value.items()) or "none")
    return inert.text("none" if value is None else str(value))


@register.filter
def summary(value: object) -> SafeString:
    """A detail of an event in a few words: a long list is counted, and is whole on the event's own page."""
    if isinstance(value, list) and len(value) > SHORT_LIST:
        return inert.text(f"{len(value)} of them")
    return detail(value)


@register.filter
def split(value: str) -> list[str]:
    """Words set apart by commas, one by one: the heads of a few columns."""
    return value.split(",")
