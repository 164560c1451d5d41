"""Text of strangers made harmless on a page: as the archive does it, whose packages show the same texts the same way."""

from archive.inert import Span, excerpt, has_hidden, highlighted, plain, text, typed, without_turning

__all__ = ["Span", "excerpt", "has_hidden", "highlighted", "plain", "text", "typed", "without_turning"]
