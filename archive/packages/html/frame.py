"""What stands around every page of the reader: its head with a strict policy, the bar with the search, its foot.

The policy allows the two kinds of files beside the page and nothing else: no network, no inline script or style, no forms
that go anywhere. `file:` is named because not every browser counts a file beside a page opened from disk as its own.
"""

from archive import inert
from archive.packages.html.markup import Markup, joined, opening, tag

POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; base-uri 'none'; form-action 'none'; "
    "trusted-types holdfast; require-trusted-types-for 'script'"
)


def head(*, title: str, to_root: str, crumbs: Markup, scripts: tuple[str, ...] = ()) -> Markup:
    """Everything up to the content; `to_root` is the way from the page to the reader's folder, with its `/`."""
    inside = joined(
        opening("meta", charset="utf-8"),
        opening("meta", name="viewport", content="width=device-width, initial-scale=1"),
        opening("meta", http_equiv="Content-Security-Policy", content=POLICY),
        opening("meta", name="robots", content="noindex, nofollow"),
        opening("meta", name="referrer", content="no-referrer"),
        tag("title", f"{inert.plain(title)} · Holdfast export"),
        opening("link", rel="stylesheet", href=f"{to_root}reader.css"),
        *(tag("script", src=f"{to_root}{name}", defer="") for name in ("words.js", "reader.js", *scripts)),
    )
    return joined(
        Markup("<!doctype html>\n"),
        opening("html", lang="en-GB", data_root=to_root),
        tag("head", inside),
        Markup("\n<body>"),
        tag("a", "Skip to the content", class_="skip", href="#content"),
        _bar(to_root),
        opening("main", id="content", tabindex="-1"),
        crumbs,
    )


def foot(made: str) -> Markup:
    """Everything after the content."""
    return joined(
        Markup("</main>\n"),
        tag("footer", tag("p", made), class_="foot"),
        Markup("</body></html>\n"),
    )


def crumbs(*links: tuple[str, str]) -> Markup:
    """The way to a page: titles and where they lead."""
    some = [joined(tag("a", tag("bdi", title), href=href), " ", _ARROW, " ") for title, href in links]
    return tag("nav", *some, class_="crumbs", aria_label="Where you are")


def _bar(to_root: str) -> Markup:
    field = opening(
        "input",
        type="search",
        id="find",
        name="q",
        aria_label="Search this export",
        placeholder="Search this export…",
        autocomplete="off",
        spellcheck="false",
        maxlength="500",
    )
    form = tag("form", field, tag("kbd", "/", aria_hidden="true"), class_="find", role="search", data_find="")
    return tag(
        "header", tag("a", "Holdfast export", class_="brand", href=f"{to_root}index.html"), form, class_="bar"
    )


_ARROW = tag("span", "›", aria_hidden="true")
