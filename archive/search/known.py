"""What a query may name that the archive does not know itself: handed in by whoever keeps it, for one person."""

from dataclasses import dataclass

from archive.search.cases import NONE as NO_CASES
from archive.search.cases import Cases
from archive.search.tags import NONE as NO_TAGS
from archive.search.tags import Tags


@dataclass(frozen=True, slots=True)
class Known:
    """The tags there are, and the matters and custodians that the person may see."""

    tags: Tags = NO_TAGS
    cases: Cases = NO_CASES


NOTHING = Known()
