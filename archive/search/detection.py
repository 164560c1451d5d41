"""In which language a text is written: told by its script where that decides, else by a small statistical model.

Chinese, Japanese, Korean, Thai, Greek, Hebrew and others have letters of their own. Texts in Latin, Cyrillic, Arabic or
Devanagari letters are told apart by py3langid, whose model comes with it: nothing is fetched. Addresses, numbers, code
and pictures are left out before. What is too short, or what the model is not sure of, is of no known language: it is
better to say so than to be wrong. The same text always gives the same language; another model, or another rule here,
is another `languages.VERSION`.

Many texts are told at once: the model is run over all of them side by side, which is an order of magnitude faster.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from py3langid.langid import LanguageIdentifier

from archive.search.languages import UNKNOWN

LOOKED_AT = 200
"""Characters of the beginning of a text by which it is told."""
FEWEST_LETTERS = 8
"""Letters below which the model is not asked."""
SUREST = 0.6
AT_ONCE = 1_000
"""Texts that the model is run over side by side: with more, what they say does not fit where the processor is quick."""
ADDED_AT_ONCE = 64
"""Texts whose pieces' weights are added up at once; of a thousand they come to 12 MB, which takes twice as long."""

_SHARED = {
    "Latin": (
        "ca", "cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "ms", "nl", "no", "pl",
        "pt", "ro", "sk", "sl", "sq", "sv", "tr", "vi",
    ),
    "Cyrillic": ["bg", "ru", "sr", "uk"],
    "Arabic": ["ar", "fa", "ur"],
    "Devanagari": ["hi", "mr"],
}  # fmt: skip
_SCRIPTS = {
    "kana": "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f", "zh": "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", "Cyrillic": "\u0400-\u052f", "el": "\u0370-\u03ff\u1f00-\u1fff",
    "Arabic": "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", "he": "\u05d0-\u05ea", "th": "\u0e01-\u0e4e",
    "Devanagari": "\u0900-\u0963", "bn": "\u0980-\u09ff", "pa": "\u0a00-\u0a7f", "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "kn": "\u0c80-\u0cff", "ml": "\u0d00-\u0d7f", "si": "\u0d80-\u0dff",
    "lo": "\u0e80-\u0eff", "my": "\u1000-\u109f", "ka": "\u10a0-\u10ff", "am": "\u1200-\u137f", "km": "\u1780-\u17ff",
    "hy": "\u0530-\u058f",
}  # fmt: skip
_DENSE = ("ja", "zh", "ko")
"""Scripts of which a letter says as much as two of others."""
_OTHERS = re.compile(f"[{''.join(_SCRIPTS.values())}]+")
_LATIN = re.compile(r"[^\W\d_]+")
_HARD = r"/@\\_=<>{}\[\]|#$%^&*+~`0-9"
# A run of ASCII with a sign of code, or a stop or colon before a letter. Possessive, from the beginning of a run only: a
# long run is read once or twice, never once for each of its letters.
_CODE = re.compile(
    rf"(?<![!-~])(?=[.(;]?+(?:(?![.(;:{_HARD}])[!-~]|[.(;:](?![A-Za-z]))*+[.(;:{_HARD}])[!-~]+"
    r"|[\u2190-\u2bff\U0001f000-\U0001faff]+"
)
_SIGN = re.compile(rf"[{_HARD}\u2190-\u2bff\U0001f000-\U0001faff]|[.(;:][A-Za-z]")
"""Without one of these nothing matches `_CODE`, which is looked for at each run."""
_ENOUGH = re.compile(rf"(?:[^\W\d_][\W\d_]*+){{{FEWEST_LETTERS}}}")
_KINDS = {
    code: "a"
    if chr(code).isalpha()
    else "0"
    if re.match(f"[{_HARD}]", chr(code))
    else "."
    if chr(code) in ".(;:"
    else " "
    for code in range(128)
}
"""What these expressions tell apart in ASCII; to look at kinds takes a third of the time of looking for each."""


class _ScriptOf(dict[str, str]):
    """The script of a letter, found out once for each."""

    def __missing__(self, letter: str) -> str:
        self[letter] = next(
            name for name, letters in _SCRIPTS.items() if re.match(f"[{letters}]", letter) is not None
        )
        return self[letter]


_SCRIPT_OF = _ScriptOf()


def of(texts: Sequence[str]) -> list[str]:
    """The language of each text, as in `languages.NAMES`, or UNKNOWN."""
    told = [_by_script(text[:LOOKED_AT]) for text in texts]
    for script in _SHARED:
        which = [n for n, (found, _) in enumerate(told) if found == script]
        if len(which) > 0:
            for n, code in zip(which, _model(script).told([told[n][1] for n in which]), strict=True):
                told[n] = code, ""
    return [code for code, _ in told]


def _by_script(text: str) -> tuple[str, str]:
    """The language that the script decides; or a script that several share, and what is to be told apart."""
    if text.isascii():
        kinds = text.translate(_KINDS)
        if "0" in kinds or ".a" in kinds:
            text = _CODE.sub(" ", text)
            kinds = text.translate(_KINDS)
        return ("Latin", " ".join(text.split())) if kinds.count("a") >= FEWEST_LETTERS else (UNKNOWN, "")
    if _SIGN.search(text) is not None:
        text = _CODE.sub(" ", text)
    others = _OTHERS.findall(text)
    if len(others) == 0:
        return ("Latin", " ".join(text.split())) if _ENOUGH.search(text) is not None else (UNKNOWN, "")
    counted = Counter(map(_SCRIPT_OF.__getitem__, "".join(others)))
    counted["Latin"] = sum(map(len, _LATIN.findall(_OTHERS.sub(" ", text))))
    if counted["kana"] > 0:
        counted["ja"] = counted.pop("kana") + counted.pop("zh", 0)
    for script in _DENSE:
        counted[script] *= 2
    script, letters = max(counted.items(), key=lambda one: (one[1], one[0] != "Latin"))
    if script in _SHARED and letters < FEWEST_LETTERS:
        return UNKNOWN, ""
    return script, " ".join(text.split())


_Whole = np.ndarray[Any, np.dtype[np.integer[Any]]]


class _Model:
    """The library's model for the languages of one script, run over many texts at once."""

    def __init__(self, codes: Sequence[str]) -> None:
        library = _library()
        which = [n for n, code in enumerate(library.nb_classes) if code in codes]
        self._next, self._rows, self._found = _automaton()
        self._weights = np.ascontiguousarray(
            np.asarray(library.nb_ptc, dtype=np.float32)[:, which], dtype=np.float64
        )
        self._prior = np.asarray(library.nb_pc, dtype=np.float64)[which]
        self._codes = np.asarray(library.nb_classes)[which]
        self._features = len(self._weights)

    def told(self, texts: Sequence[str]) -> list[str]:
        """The language of each text; UNKNOWN where the model is not sure."""
        parts = (texts[first : first + AT_ONCE] for first in range(0, len(texts), AT_ONCE))
        return [code for part in parts for code in self._told(part)]

    def _told(self, texts: Sequence[str]) -> list[str]:
        encoded = [
            unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "replace")
            for text in texts
        ]
        scores = self._prior + self._seen(encoded)
        scores /= np.sqrt([[len(text)] for text in encoded])
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1)
        # One language may have two rows, in two alphabets: its chances are theirs together.
        same = self._codes[None, :] == self._codes[best][:, None]
        sure = (chances * same).sum(axis=1) >= SUREST
        return [
            str(code) if is_sure else UNKNOWN for code, is_sure in zip(self._codes[best], sure, strict=True)
        ]

    def _seen(self, encoded: Sequence[bytes]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """What the pieces of each text say for each language: all texts go through the automaton side by side."""
        lengths = np.asarray([len(text) for text in encoded])
        order = np.argsort(-lengths, kind="stable")  # long ones first: those that have ended are left out
        longest = int(lengths.max())
        letters = np.frombuffer(b"".join([encoded[n].ljust(longest, b"\0") for n in order]), dtype=np.uint8)
        columns = np.ascontiguousarray(letters.reshape(len(encoded), longest).T)
        going = len(encoded) - np.searchsorted(lengths[order[::-1]], np.arange(longest), side="right")
        firsts = (order * self._features).astype(np.int32)  # of each text, where its pieces begin
        states = np.zeros(len(encoded), dtype=np.int32)
        met = []
        for column, several in zip(columns, going.tolist(), strict=True):
            states = self._next.take(self._rows.take(states[:several]) + column[:several])
            features = self._found.take(states)
            here = (features >= 0).nonzero()[0]
            met.append(firsts.take(here) + features.take(here))
        keys = np.concatenate(met)
        keys.sort()
        said = np.zeros((len(encoded), len(self._codes)))
        if len(keys) == 0:
            return said
        begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        counts = np.diff(begins, append=len(keys))
        texts, features = np.divmod(keys[begins], np.int32(self._features))
        of_text = np.flatnonzero(np.concatenate(([True], texts[1:] != texts[:-1])))
        often, ends = np.log1p(counts)[:, None], np.append(of_text, len(features))
        for first in range(0, len(of_text), ADDED_AT_ONCE):
            begin, *begins = ends[first : first + ADDED_AT_ONCE + 1].tolist()
            some = slice(begin, begins[-1])
            weighed = self._weights.take(features[some], axis=0)
            weighed *= often[some]
            here = of_text[first : first + ADDED_AT_ONCE]
            said[texts[here]] = np.add.reduceat(weighed, here - begin, axis=0)
        return said


@lru_cache(maxsize=1)
def _library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file("data/model.npz.xz")


@lru_cache(maxsize=1)
def _automaton() -> tuple[_Whole, _Whole, _Whole]:
    """For each state and byte the next state; where a state's row begins; the piece of text it ends, -1 for none."""
    library = _library()
    rows = np.asarray(library.tk_row, dtype=np.int32) << 8
    return np.asarray(library.tk_nextmove), rows, np.asarray(library.tk_output, dtype=np.int32)


@lru_cache(maxsize=len(_SHARED))
def _model(script: str) -> _Model:
    return _Model(_SHARED[script])
