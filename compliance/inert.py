"""Text of strangers made harmless on a page: as the archive does it, whose packages show the same texts the same way."""

from archive.inert import Span, excerpt, has_hidden, highlighted, plain, text, typed, without_turning

__all__ = ["Span", "excerpt", "has_hidden", "highlighted", "plain", "text", "typed", "without_turning"]


def file_name(name: str) -> str:
    """A file name that names a file and nothing else: no folders, no control or turning characters."""
    kept = " ".join(plain(name).split()).replace("/", "_").replace("\\", "_").strip(". ")
    return kept[-180:] or "file"
