"""From messages to documents of the index.

A document holds everything ever said in its message: the text of every version once, the names of its files and what
was read inside them, what it forwards and what a bot wrote in it, the names and addresses its records give its sender,
and what the message has and is. Phrases never run from one text into the next. What was learned of a sender elsewhere
counts only where no record says it. Nothing is read but the rows of the messages asked for, in four statements however
many they are, and one for each file with text inside: such a text is held only while its document is made.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec
import tantivy

from archive import bulk
from archive.extraction import texts
from archive.models import Leaf, Revision
from archive.search import analysis, asides, days, detection, languages, marks, records, senders
from archive.search.query import Property

APART = 100
"""Places between two texts: more than the farthest that words near each other may be apart."""

_LINK = re.compile(r"https?://[^\s]|\bwww\.[^\s.]+\.", re.IGNORECASE)
_FLAGS = (Property.BOT, Property.REPLY, Property.REPLIES, Property.FORWARDED)
_MARK = marks.PROPERTIES
_CHANGED = {
    Revision.Kind.EDITED.value: _MARK[Property.EDITED],
    Revision.Kind.DELETED.value: _MARK[Property.DELETED],
}
_HAS_FILE, _HAS_LINK = _MARK[Property.FILE], _MARK[Property.LINK]

_MESSAGES = """
    SELECT m.id, (extract(epoch FROM m.sent_at) * 1000000)::bigint, m.session_id, m.sender_id, p.email, p.is_external,
        p.is_bot, m.reply_to_zoom_id <> '',
        EXISTS (SELECT FROM archive_message r WHERE r.session_id = m.session_id AND r.reply_to_zoom_id = m.zoom_id
            AND r.reply_to_zoom_id <> ''),
        EXISTS (SELECT FROM archive_forward f WHERE f.message_id = m.id)
    FROM archive_message m LEFT JOIN archive_person p ON p.id = m.sender_id
    WHERE m.id = ANY(%t::bigint[])
"""
_REVISIONS = f"""
    SELECT r.id, r.message_id, r.kind, r.text, r.sender_name, {days.VERSION}, r.raw
    FROM archive_revision r, LATERAL ({days.logged(Leaf.Kind.REVISION, "r.id", below="%b::bigint")}) logged
    WHERE r.message_id = ANY(%t::bigint[]) ORDER BY r.id
"""
_FILES = f"""
    SELECT a.message_id, a.name, e.id, (
        SELECT coalesce(sum({days.READING}), 0)::bigint FROM archive_reading g,
            LATERAL ({days.logged(Leaf.Kind.READING, "g.id", below="%b::bigint")}) logged WHERE g.attachment_id = a.id
    )
    FROM archive_attachment a LEFT JOIN archive_extraction e ON e.blob_id = a.blob_id AND e.characters > 0
    WHERE a.message_id = ANY(%t::bigint[]) ORDER BY a.id
"""


class Said(msgspec.Struct, array_like=True, gc=False):
    """Everything the index takes of one message.

    `sent` is in microseconds since 1970, `inside` are the texts of its files, `properties` numbers of `marks`.
    """

    message_id: int
    sent: int
    session_id: int
    sender_id: int | None
    texts: dict[str, None] = {}
    files: dict[str, None] = {}
    inside: dict[int, None] = {}
    names: dict[str, None] = {}
    addresses: set[str] = msgspec.field(default_factory=set)
    is_external: bool | None = None
    properties: set[int] = msgspec.field(default_factory=set)
    languages: set[str] = msgspec.field(default_factory=set)
    revisions: list[int] = []
    digest: int = 0

    @property
    def day(self) -> int:
        """The day sent, since 1970 in UTC."""
        return self.sent // days.MICROSECONDS


def said(message_ids: list[int], *, complete_to: int) -> Iterable[Said]:
    """The messages with their versions logged below `complete_to`, files and names; none without a version there."""
    found: dict[int, Said] = {}
    wordings: list[tuple[Said, str]] = []
    if len(message_ids) == 0:
        return ()
    known: dict[int, tuple[str | None, bool | None]] = {}
    ids = bulk.numbers(message_ids)
    for message_id, sent, session_id, sender_id, email, is_external, *flags in bulk.run(_MESSAGES, [ids]):
        one = found[message_id] = Said(message_id, sent, session_id, sender_id)
        known[message_id] = email, is_external
        one.properties.update(_flagged(*flags))
    for revision_id, message_id, kind, text, sender_name, piece, raw in bulk.run(
        _REVISIONS, [complete_to, ids]
    ):
        one = found[message_id]
        one.revisions.append(revision_id)
        one.digest = (one.digest + piece) % days.DIGESTS
        if text not in one.texts:
            wordings.append((one, text))
        one.texts[text] = None
        one.names[sender_name] = None
        _take(one, records.read(raw))
        if _has_link(text):
            one.properties.add(_HAS_LINK)
        if kind in _CHANGED:
            one.properties.add(_CHANGED[kind])
    for message_id, name, extraction_id, pieces in bulk.run(_FILES, [complete_to, ids]):
        one = found[message_id]
        one.digest = (one.digest + pieces) % days.DIGESTS
        one.texts[name] = None
        one.files[name] = None
        if extraction_id is not None:
            one.inside[extraction_id] = None
        one.properties.add(_HAS_FILE)
    for message_id, lines, piece in asides.originals(message_ids, complete_to=complete_to):
        one = found[message_id]
        one.digest = (one.digest + piece) % days.DIGESTS
        one.texts.update(dict.fromkeys(lines))
    for message_id, one in found.items():
        _end(one, *known[message_id])
    _tell_languages(wordings)
    return [one for one in found.values() if len(one.revisions) > 0]


def _tell_languages(wordings: list[tuple[Said, str]]) -> None:
    """The languages of all wordings of a message; that none is known only where none of any wording is."""
    for (one, _), code in zip(wordings, detection.of([text for _, text in wordings]), strict=True):
        one.languages.add(code)
    for one, _ in wordings:
        if len(one.languages) > 1:
            one.languages.discard(languages.UNKNOWN)


@lru_cache(maxsize=1 << len(_FLAGS))
def _flagged(*flags: bool) -> tuple[int, ...]:
    """The numbers of what is so, in the order of _FLAGS."""
    return tuple(_MARK[what] for what, is_so in zip(_FLAGS, flags, strict=True) if is_so)


def _has_link(text: str) -> bool:
    """Whether there is an address in a text. Most have neither beginning of one, which is told at once."""
    return ("://" in text or "www." in text.lower()) and _LINK.search(text) is not None


def _take(one: Said, recorded: records.Recorded) -> None:
    """What only a record itself says of a message and its sender then."""
    if recorded.address != "":
        one.addresses.add(recorded.address)
    if recorded.is_external is not None:
        one.is_external = recorded.is_external or one.is_external is True
    if recorded.has_reactions:
        one.properties.add(_MARK[Property.REACTION])
    if recorded.is_bot:
        one.properties.add(_MARK[Property.BOT])
        one.texts.update(dict.fromkeys(recorded.card))


def _end(one: Said, email: str | None, is_external: bool | None) -> None:
    """Where no record names an address, or says whether its sender is outside, what is known of the person."""
    for address in sorted(one.addresses) or [email or ""]:
        one.names[address] = None
    if one.is_external or (one.is_external is None and is_external):
        one.properties.add(_MARK[Property.EXTERNAL])


def document(one: Said) -> tantivy.Document:
    """The document of one message."""
    document = tantivy.Document()
    document.add_integer("message", one.message_id)
    document.add_integer("session", one.session_id)
    document.add_integer("sent", one.sent)
    document.add_integer("day", one.day)
    document.add_integer("digest", one.digest)
    if one.sender_id is not None:
        document.add_integer("sender", one.sender_id)
    for number in sorted(one.properties):
        document.add_integer("properties", number)
    for code in sorted(one.languages):
        document.add_integer("languages", marks.LANGUAGES[code])
    _add_all(document, "text", one.texts)
    _add_all(document, "files", one.files)
    for _, entries in texts.of(one.inside):
        inside = [text for entry in entries for text in entry if text != ""]
        _add_all(document, "text", inside, is_first=False)
        _add_all(document, "attached", inside, is_first=False)
    for names in senders.terms(tuple(one.names)):
        document.add_text(senders.FIELD, names)
    return document


def _add_all(
    document: tantivy.Document, field: str, several: Iterable[str], *, is_first: bool = True
) -> None:
    """Add the terms of texts, all but the first farther from the one before than any search can reach.

    Where each term has a place of its own the engine counts the places, which is cheaper.
    """
    for text in several:
        spaced = analysis.spaced(text) if is_first else None
        if spaced is not None:
            document.add_text(field, spaced)
        else:
            _add(document, field, text, is_first=is_first)
        is_first = False


def _add(document: tantivy.Document, field: str, text: str, *, is_first: bool) -> None:
    words, pairs = analysis.words_and_pairs(text)
    if len(pairs) > 0 or not is_first:
        document.add_pre_tokenized_text(field, _tokens(words, pairs, after=0 if is_first else APART))
    else:
        document.add_text(field, " ".join(words))


def _tokens(words: list[str], pairs: list[tuple[str, int]], *, after: int = 0) -> tantivy.PreTokenizedString:
    token = tantivy.Token
    places = [token(word, place, 0, 0) for place, word in enumerate(words, after)]
    return tantivy.PreTokenizedString(
        "", places + [token(pair, after + place, 0, 0) for pair, place in pairs]
    )
