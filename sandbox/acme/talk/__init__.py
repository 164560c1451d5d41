"""Phrase banks: what people at Acme Instruments say, by department and by language.

A bank is text: exchanges parted by an empty line, one message a line, taken by changing speakers. `{…}` are
blanks that `slots.py` fills. `BANKS` has them all, read once.
"""

from sandbox.acme.talk import (
    asia,
    engineering,
    europe,
    finance,
    legal,
    levant,
    marketing,
    operations,
    sales,
    smalltalk,
    support,
)

Exchange = tuple[str, ...]


def _read(text: str) -> tuple[Exchange, ...]:
    blocks = (block.strip().splitlines() for block in text.strip().split("\n\n"))
    return tuple(tuple(line.strip() for line in block) for block in blocks if block)


BANKS: dict[str, tuple[Exchange, ...]] = {
    "finance": _read(finance.FINANCE),
    "leadership": _read(finance.LEADERSHIP),
    "legal": _read(legal.LEGAL),
    "sales": _read(sales.SALES),
    "engineering": _read(engineering.ENGINEERING),
    "operations": _read(operations.OPERATIONS),
    "support": _read(support.SUPPORT),
    "marketing": _read(marketing.MARKETING),
    "people": _read(marketing.PEOPLE),
    "smalltalk": _read(smalltalk.SMALLTALK),
    "replies": _read(smalltalk.REPLIES),
    "russian": _read(europe.RUSSIAN),
    "greek": _read(europe.GREEK),
    "german": _read(europe.GERMAN),
    "french": _read(europe.FRENCH),
    "spanish": _read(europe.SPANISH),
    "japanese": _read(asia.JAPANESE),
    "chinese": _read(asia.CHINESE),
    "korean": _read(asia.KOREAN),
    "hindi": _read(asia.HINDI),
    "arabic": _read(levant.ARABIC),
    "hebrew": _read(levant.HEBREW),
}
