"""What the reader searches: the texts of all messages and the words in them, in small files loaded when they are needed.

A browser that opened a file from disk may not fetch others, but may run scripts beside it. So every file here is one call
of the reader's script with plain data:

- `find/table.js`: where conversations and pages begin, and with which number or word each of the other files begins.
- `find/texts-00001.js`: up to 250 messages in order: id, time, sender, wordings newest first, names of files.
- `find/words-00001.js`: words in order, each with the numbers of its messages.

What a word is, and which are the same, is what the console's own search says (`archive.search.analysis`). Neighbours in
scripts without spaces are there as pairs too; `from:` stands before the words of a sender's name. All of it is ASCII.
"""

import json
from collections.abc import Sequence
from typing import Any

from archive.packages.content import Message, Sink
from archive.packages.entries import Entry
from archive.packages.html.postings import Postings, written
from archive.search import analysis

FOLDER = "data/html/find"
_TEXTS = 250
_BYTES = 1 << 17


class Find:
    """Gathers messages as they are written; `end` writes what is left. Numbers are of messages, from 0."""

    def __init__(self, *, in_memory: int = 2_000_000) -> None:
        self._postings = Postings(in_memory=in_memory)
        self._texts: list[str] = []
        self._texts_bytes = 0
        self._texts_begin: list[int] = []
        self._words_begin: list[str] = []
        self._pages: list[tuple[int, str]] = []
        self._conversations: list[tuple[int, str]] = []
        self.count = 0

    def conversation(self, title: str) -> None:
        """What is added from now on is of another conversation."""
        self._conversations.append((self.count, title))

    def page(self, path: str) -> None:
        """What is added from now on stands on another page; `path` is relative to the reader's folder."""
        self._pages.append((self.count, path))

    def add(self, entry: Entry, into: Sink) -> None:
        """One message, with all its wordings and the names of its files."""
        said = entry.message
        texts = [wording.text for wording in reversed(entry.wordings)]
        beside = [*(file.name for file in said.files), *said.forwards]
        words = _words([*texts, *beside])
        words.update(f"from:{atom.text}" for atom in analysis.atoms(said.sender_name))
        self._postings.add(self.count, words)
        line = _json(
            [said.id, round(said.sent_at.timestamp() * 1000), said.sender_name, texts, beside, _state(said)]
        )
        self._texts.append(line)
        self._texts_bytes += len(line)
        self.count += 1
        if len(self._texts) >= _TEXTS or self._texts_bytes >= _BYTES:
            self._put_texts(into)

    def end(self, into: Sink, *, zone: str) -> None:
        """Write the last texts, the words and the table."""
        self._put_texts(into)
        with self._postings as postings:
            lines: list[str] = []
            size = 0
            for word, numbers in postings.merged():
                if size == 0:
                    self._words_begin.append(word)
                lines.append(_json([word, written(numbers)]))
                size += len(lines[-1])
                if size >= _BYTES:
                    self._put("words", len(self._words_begin), lines, into)
                    lines, size = [], 0
            if len(lines) > 0:
                self._put("words", len(self._words_begin), lines, into)
        table = {
            "messages": self.count,
            "zone": zone,
            "conversations": self._conversations,
            "pages": self._pages,
            "texts": self._texts_begin,
            "words": self._words_begin,
        }
        _write(into, "table.js", f"holdfast.table({_json(table)});\n")

    def _put_texts(self, into: Sink) -> None:
        if len(self._texts) == 0:
            return
        self._texts_begin.append(self.count - len(self._texts))
        self._put("texts", len(self._texts_begin), self._texts, into)
        self._texts, self._texts_bytes = [], 0

    def _put(self, kind: str, number: int, lines: Sequence[str], into: Sink) -> None:
        body = ",\n".join(lines)
        _write(into, f"{kind}-{number:05d}.js", f"holdfast.{kind}({number},[\n{body}\n]);\n")


def _words(texts: Sequence[str]) -> set[str]:
    """Everything the texts can be found by."""
    found: set[str] = set()
    for text in texts:
        words, pairs = analysis.words_and_pairs(text)
        found.update(words)
        for pair, position in pairs:
            joined = pair.removeprefix(analysis.PAIR)
            if joined == words[position] + words[position + 1]:  # nothing between: a script without spaces
                found.add(joined)
    return found


def _state(message: Message) -> str:
    if message.is_deleted:
        return "deleted"
    return "edited" if message.is_edited else ""


def _write(into: Sink, name: str, text: str) -> None:
    with into.file(f"{FOLDER}/{name}") as out:
        out.write(text.encode("ascii"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
