"""Finding words: `search.messages(query, scope=…)` is the way in, `search.highlight(text, ast)` shows where.

The language is in `language`, the analysis in `analysis`, the index and its follower in `index` and `indexer`.
Holds, retention and exports never depend on anything here: the database is the record.
"""

from archive.search import bounds, spelled
from archive.search.analysis import VERSION as ANALYSIS_VERSION
from archive.search.answers import (
    STRETCH,
    Answer,
    Surroundings,
    Whole,
    around,
    messages,
    unsearched_files,
    whole,
)
from archive.search.asides import Aside
from archive.search.asides import on as asides_of
from archive.search.cases import Cases
from archive.search.counting import Facets, largest
from archive.search.coverage import Coverage
from archive.search.engine import MOST_RELEVANT, Hit
from archive.search.errors import IndexBusy, IndexUnavailable, QueryError, SearchError
from archive.search.known import Known
from archive.search.language import LANGUAGE_VERSION, LONGEST_QUERY, parse, shown
from archive.search.matching import highlight
from archive.search.passages import Passage
from archive.search.passages import inside as inside_files
from archive.search.places import Order, Place
from archive.search.query import Ast
from archive.search.tags import Tags
from archive.search.tags import key as tag_key
from archive.search.wording import explain

__all__ = [
    "ANALYSIS_VERSION",
    "LANGUAGE_VERSION",
    "LONGEST_QUERY",
    "MOST_RELEVANT",
    "STRETCH",
    "Answer",
    "Aside",
    "Ast",
    "Cases",
    "Coverage",
    "Facets",
    "Hit",
    "IndexBusy",
    "IndexUnavailable",
    "Known",
    "Order",
    "Passage",
    "Place",
    "QueryError",
    "SearchError",
    "Surroundings",
    "Tags",
    "Whole",
    "around",
    "asides_of",
    "bounds",
    "explain",
    "highlight",
    "inside_files",
    "largest",
    "messages",
    "parse",
    "shown",
    "spelled",
    "tag_key",
    "unsearched_files",
    "whole",
]
