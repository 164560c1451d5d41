"""What people say in the benchmark of search: made up, the same for the same seed, and shaped like chat.

200,000 words in two slopes of Zipf's law (the commonest stands in a third of the messages, another in a tenth),
lengths of 11 words in the median and 15 on average. One message in twenty is Chinese, one in thirty-three has an
address of a page, one in twenty-five a piece of code, one in fifty an e-mail address. Nothing is said twice but by
chance.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import accumulate

WORDS = 200_000
BEND = 6_000  # from here on, words get rare twice as fast
_CHOSEN = {  # rank: word
    0: "the",
    12: "meeting",
    20: "budget",
    33: "quarterly",
    60: "transfer",
    75: "contract",
    400: "compliance",
    900: "compliant",
    2_500: "compliances",
    9_000: "color",
    9_500: "colour",
}
_ONSETS = (*"bcdfghjklmnprstvwyz", "br", "ch", "gr", "pl", "st", "tr")
_VOWELS = (*"aaeeiioouu", "ai", "ea", "io")
_CODAS = ("", "", "", "", *"nrlstm", "nd", "st")
_HAN = [chr(0x4E00 + 7 * n) for n in range(2_500)]
_IN_CHINESE = ("合同", "合同审批", "预算", "会议", "签署")


def texts(number: int, *, seed: int = 1) -> Iterator[str]:
    """So many texts."""
    chance = random.Random(seed)
    words = _words(random.Random(0))
    weights = list(accumulate(_weight(rank) for rank in range(len(words))))
    for n in range(number):
        if n % 20 == 19:
            yield _chinese(chance)
            continue
        said = chance.choices(words, cum_weights=weights, k=_length(chance))
        if n % 33 == 0:
            _insert(
                chance, said, f"https://wiki.acme.example/{chance.choice(words)}/{chance.randrange(100_000)}"
            )
        if n % 25 == 0:
            _insert(
                chance,
                said,
                f"{chance.choice(words[:3_000])}_{chance.choice(words[:300])}.{chance.choice(words[:60])}()",
            )
        if n % 50 == 0:
            first, last = chance.choice(words[500:1_500]), chance.choice(words[1_500:2_500])
            _insert(chance, said, f"{first}.{last}@acme.example")
        if n % 9_001 == 0:
            _insert(chance, said, "zanzibar")
        if n % 5_003 == 0:
            _insert(chance, said, "order_book.flush()")
        if n % 10_007 == 0:
            _insert(chance, said, "john.doe@acme.example")
        if n % 2_503 == 0:
            _insert(chance, said, "quarterly budget meeting")
        yield " ".join(said)


def _words(chance: random.Random) -> list[str]:
    """The vocabulary, the commonest first; common words are short."""
    words: list[str] = []
    known = set(_CHOSEN.values())
    while len(words) < WORDS:
        if len(words) in _CHOSEN:
            words.append(_CHOSEN[len(words)])
            continue
        syllables = 1 + (len(words) > 700) + (len(words) > 5_000 and chance.random() < 0.5)
        word = "".join(
            chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables)
        )
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def _weight(rank: int) -> float:
    weight = 1 / (rank + 3.7)
    return weight if rank < BEND else weight * BEND / rank


def _length(chance: random.Random) -> int:
    return max(1, min(300, round(chance.lognormvariate(math.log(11), 0.8))))


def _insert(chance: random.Random, said: list[str], extra: str) -> None:
    said.insert(chance.randrange(len(said) + 1), extra)


def _chinese(chance: random.Random) -> str:
    size = len(_HAN)
    said = [_HAN[min(size - 1, int(size * chance.random() ** 2.5))] for _ in range(chance.randint(6, 40))]
    if chance.random() < 0.1:
        said.insert(chance.randrange(len(said)), chance.choice(_IN_CHINESE))
    if chance.random() < 0.4:
        said.insert(chance.randrange(len(said)), ",")
    return "".join(said)
