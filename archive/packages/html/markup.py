"""HTML made from values, safe by the way it is made: whatever is not markup made here is escaped and made inert.

There is no template language in between. A page of a package is a few dozen elements repeated a million times, so making
it must cost microseconds, and whoever writes an element must not be able to forget the escaping: `tag` takes text of
strangers as it is and gives `Markup`; only `Markup` goes through unchanged.
"""

import html

from archive import inert


class Markup(str):
    """HTML made by this module."""

    __slots__ = ()


EMPTY = Markup("")


def tag(name: str, /, *inside: str, **attributes: str | None) -> Markup:
    """An element; `class_` and `aria_label` are written `class` and `aria-label`, attributes that are None left out."""
    return Markup(f"{opening(name, **attributes)}{joined(*inside)}</{name}>")


def opening(name: str, /, **attributes: str | None) -> Markup:
    """Only the opening tag, for elements without an end or filled piece by piece."""
    if len(attributes) == 0:
        return Markup(f"<{name}>")
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(inert.plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>")


def joined(*inside: str) -> Markup:
    """One after the other, what is not markup escaped."""
    return Markup("".join([one if isinstance(one, Markup) else inert.text(one) for one in inside]))


def name(value: str, *, missing: str) -> Markup:
    """A name a stranger chose, kept from turning what stands around it; `missing` where there is none."""
    return tag("bdi", value if value.strip() != "" else missing)
