"""Text of strangers made harmless on a page, without losing a character of it.

Everything is escaped. Characters that turn the direction of writing, which can make a text read as something else, are
drawn as a mark with their code point and cut out of the flow; so are other control characters. Characters without width
are legitimate in many scripts and in emoji: they stay as they are, and are drawn as marks when the reader asks.

Never marks a string safe that it has not escaped itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb"
WIDTHLESS = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f"
_DANGEROUS = re.compile(f"[{TURNING}{CONTROL}]")
_UNWRITABLE = re.compile(f"[{TURNING}{CONTROL}\ud800-\udfff]")
_VANISHING = re.compile(f"[{TURNING}\ufff9-\ufffb]")
_ENDING = re.compile(f"[{CONTROL}]")
_HIDDEN = re.compile(f"[{TURNING}{CONTROL}{WIDTHLESS}]")

Span = tuple[int, int]


def text(value: str, *, show_hidden: bool = False) -> SafeString:
    """The text as HTML, with marks in place of what could deceive."""
    return mark_safe(_marked(value, _HIDDEN if show_hidden else _DANGEROUS))


def highlighted(value: str, spans: Iterable[Span], *, show_hidden: bool = False) -> SafeString:
    """The same with `<mark>` around the spans, which are character offsets of `value`; overlapping ones are joined."""
    pattern = _HIDDEN if show_hidden else _DANGEROUS
    pieces: list[str] = []
    at = 0
    for start, end in _joined(spans, len(value)):
        pieces += [_marked(value[at:start], pattern), "<mark>", _marked(value[start:end], pattern), "</mark>"]
        at = end
    return mark_safe("".join([*pieces, _marked(value[at:], pattern)]))


def has_hidden(value: str) -> bool:
    """Whether there is anything to show when the reader asks for what has no width."""
    return _HIDDEN.search(value) is not None


def excerpt(value: str, spans: Sequence[Span], *, length: int = 280) -> tuple[str, list[Span]]:
    """At most about `length` characters around the first span, and the spans in it, both with the cut marked."""
    first = min((start for start, _ in spans), default=0)
    begin = max(0, first - length // 3)
    if begin and (space := value.find(" ", begin, first)) != -1:
        begin = space + 1
    end = min(len(value), begin + length)
    before, after = ("… " if begin else ""), (" …" if end < len(value) else "")
    shift = len(before) - begin
    inside = [(max(s, begin) + shift, min(e, end) + shift) for s, e in spans if s < end and e > begin]
    return before + value[begin:end] + after, inside


def plain(value: str) -> str:
    """The text for a place that takes no markup (a title, a header, a file): dangerous characters as [U+XXXX].

    So are halves of characters, which no file in UTF-8 can hold. Most text has none of either, which is told sooner.
    """
    if value.isascii() and value.isprintable():
        return value
    return _UNWRITABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)


def without_turning(value: str) -> str:
    """What a reader typed or pasted, asking for the same words: turning characters gone, controls as spaces.

    Neither can be seen in a search field. A word goes on over the first and ends at the second, as when it is indexed.
    """
    return _ENDING.sub(" ", _VANISHING.sub("", value))


def typed(value: str) -> str:
    """What a person wrote in a form, to be kept and shown to others: lines end alike, and nothing turns or surrounds it."""
    return without_turning(value.replace("\r\n", "\n")).strip()


def _marked(value: str, pattern: re.Pattern[str]) -> str:
    pieces: list[str] = []
    at = 0
    for found in pattern.finditer(value):
        pieces += [escape(value[at : found.start()]), _mark(found[0])]
        at = found.end()
    return "".join([*pieces, escape(value[at:])])


def _mark(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "control character").lower()
    return f'<span class="control" title="{escape(name)}">[{code}]</span>'


def _joined(spans: Iterable[Span], length: int) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
