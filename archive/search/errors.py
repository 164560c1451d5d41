"""What can go wrong with a search, and what to do about it.

SearchError
  QueryError          the query is not understood: the place and a way out; asking differently helps
  IndexUnavailable    the index is missing, damaged or of another version; the sentence says what to run
    IndexBusy         another process is writing this index
    IndexOfAnotherLog the data folder belongs to another database; nothing is done by itself
    IndexUnwritable   there is no room to write; what is there still answers
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """What to write from one place to another instead, when it is clear what was probably meant."""

    start: int
    end: int
    text: str


class SearchError(Exception):
    """Why there is no answer, in a sentence a person can act on."""


class QueryError(SearchError):
    """What is not understood, from where to where in the query, and what was probably meant."""

    def __init__(
        self, message: str, *, start: int, end: int, hint: str = "", correction: Correction | None = None
    ) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint
        self.correction = correction

    def corrected(self, query: str) -> str | None:
        """The query as it was probably meant; None when that is not clear."""
        if self.correction is None:
            return None
        return query[: self.correction.start] + self.correction.text + query[self.correction.end :]


class IndexUnavailable(SearchError):
    """There is no index that could answer."""


class IndexBusy(IndexUnavailable):
    """Another process writes this index."""


class IndexUnwritable(IndexUnavailable):
    """There is no room to write the index."""


class IndexOfAnotherLog(IndexUnavailable):
    """It was built from another database's log, which may be the one that is wrong."""
