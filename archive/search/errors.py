"""What can go wrong with a search, and what to do about it.

SearchError
  QueryError          the query is not understood: the place and a way out; asking differently helps
  IndexUnavailable    the index is missing, damaged or of another version; the sentence says what to run
    IndexBusy         another process is writing this index
"""


class SearchError(Exception):
    """Why there is no answer, in a sentence a person can act on."""


class QueryError(SearchError):
    """What is not understood, from where to where in the query, and what was probably meant."""

    def __init__(self, message: str, *, start: int, end: int, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


class IndexUnavailable(SearchError):
    """There is no index that could answer."""


class IndexBusy(IndexUnavailable):
    """Another process writes this index."""
