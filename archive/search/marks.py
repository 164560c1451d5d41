"""What a message has and is, and its languages, as the numbers by which the index has them.

Numbers take less room than words, and are counted faster. A number must never change its meaning without a new layout of
the index: new properties go to the end.
"""

from collections.abc import Mapping

from archive.search import languages
from archive.search.query import Property

PROPERTIES: Mapping[Property, int] = {what: number for number, what in enumerate(Property)}
LANGUAGES: Mapping[str, int] = {
    code: number for number, code in enumerate((languages.UNKNOWN, *languages.NAMES))
}
