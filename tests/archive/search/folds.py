"""A second reading of what counts as the same character, for the oracle: by the names that Unicode gives characters.

Written from the documentation, over the whole text at once, with no table of the engine's.
"""

import re
import unicodedata
from functools import lru_cache

SPELLED = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "’": "'", "ʼ": "'",
}  # fmt: skip
LETTERS = {
    "ARABIC LETTER KEHEH": "ARABIC LETTER KAF", "ARABIC LETTER FARSI YEH": "ARABIC LETTER YEH",
    "ARABIC LETTER ALEF MAKSURA": "ARABIC LETTER YEH",
}  # fmt: skip
ADDED = re.compile(  # marks that are laid over a letter, and do not spell
    r"COMBINING (?!.*(KATAKANA|DEVANAGARI|BALINESE|GLAGOLITIC|BAMUM|BRAHMI|KHARO|MEND|ADLAM|GRANTHA|MUSICAL|CUNEIFORM))"
    r"|HEBREW (ACCENT|POINT|MARK)|ARABIC (?!LETTER|LIGATURE|DIGIT)|ARABIC TATWEEL|VARIATION SELECTOR"
)
UNSEEN = re.compile(
    r"HANGUL (CHOSEONG|JUNGSEONG|HALFWIDTH)? ?FILLER|HALFWIDTH HANGUL FILLER|KHMER VOWEL INHERENT|MONGOLIAN (FREE VARIATION|VOWEL)"
)


def fold(text: str) -> str:
    """The text as it is compared: case, width, accents and digits of any script made alike, the unseen left out."""
    seen = "".join("" if is_unseen(char) else char for char in text)
    compatible = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen).casefold())
    return unicodedata.normalize("NFC", "".join(map(one, compatible)))


@lru_cache(maxsize=10_000)
def is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or UNSEEN.match(unicodedata.name(char, "")) is not None


@lru_cache(maxsize=10_000)
def one(char: str) -> str:
    name = unicodedata.name(char, "")
    is_mark = unicodedata.category(char)[0] == "M" or "TATWEEL" in name
    if is_mark and ADDED.match(name) is not None:
        return ""
    if name in LETTERS:
        return unicodedata.lookup(LETTERS[name])
    digit = unicodedata.decimal(char, None)
    return SPELLED.get(char, char) if digit is None else str(digit)
