"""The words of a name, as an index of names has them."""

from typing import Any, LiteralString

from django.contrib.postgres.indexes import GinIndex
from django.db.models import Func
from django.db.models.fields import TextField

UNCUT: LiteralString = "?"
"""What stands for all the words of a name that the database does not cut as a search would; no word is a sign."""

_LONGEST: LiteralString = "100"
# In a name of ASCII, folding is lower case and a word is letters and digits: lower case as the C locale has it, since
# in Turkish I would not become i. Any other name, and one in which a word may be cut for its length, has the sign.
_WORDS: LiteralString = (
    "CASE WHEN octet_length({column}) > least(length({column}), " + _LONGEST + ") THEN ARRAY['" + UNCUT + "']"
    " ELSE regexp_split_to_array(lower({column} COLLATE \"C\"), '[^a-z0-9]+') END"
)  # fmt: skip


def words_of(column: LiteralString) -> LiteralString:
    """The array of a name's words in SQL, to the letter what the index is of: any other text would not use it."""
    return _WORDS.format(column=column)


class WordsOfName(Func):
    """The same for an index."""

    arity = 1
    template = _WORDS.format(column="%(expressions)s")
    output_field = TextField()


def index_of_words(column: str, *, name: str) -> Any:
    """An index of the words of a column of names; a search by name would read every name there is without it."""
    return GinIndex(WordsOfName(column), name=name)
