"""The forms that messages are written in from `content.Day`s, and who writes each: a line a format."""

from collections.abc import Callable, Mapping

from archive.packages import csv, dat, eml, html, pdf, rsmf
from archive.packages.content import Format, Request, Writer

WRITERS: Mapping[Format, Callable[[Request], Writer]] = {
    Format.CSV: csv.Writer,
    Format.RSMF: rsmf.Writer,
    Format.EML: eml.Writer,
    Format.DAT: dat.Writer,
    Format.HTML: html.Writer,
    Format.PDF: pdf.Writer,
}
"""NDJSON is not among them: the records are in every package, in the order of the log."""


def writers(request: Request) -> list[tuple[Format, Writer]]:
    """A writer for each format that is asked for, always in the same order. Raises KeyError for one nobody writes yet."""
    asked = [one for one in Format if one in request.formats and one is not Format.NDJSON]
    return [(one, WRITERS[one](request)) for one in asked]
