"""From messages to documents of the index.

A document holds everything ever said in its message: the text of every version once, the names of its files, the
names its sender had and the sender's e-mail address. Phrases never run from one text into the next. Nothing is
read but the rows of the messages asked for, in three statements however many they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import tantivy
from django.db import connection

from archive.models import Revision
from archive.search import analysis
from archive.search.query import Property

_MICROSECONDS_A_DAY = 86_400_000_000

_MESSAGES = """
    SELECT m.id, (extract(epoch FROM m.sent_at) * 1000000)::bigint, m.session_id, m.sender_id, p.email, p.is_external
    FROM archive_message m LEFT JOIN archive_person p ON p.id = m.sender_id
    WHERE m.id = ANY(%s)
"""
_REVISIONS = """
    SELECT id, message_id, kind, text, sender_name FROM archive_revision WHERE message_id = ANY(%s) ORDER BY id
"""
_FILES = "SELECT message_id, name FROM archive_attachment WHERE message_id = ANY(%s) ORDER BY id"


@dataclass(slots=True)
class Said:
    """Everything the index takes of one message; `sent` in microseconds since 1970."""

    message_id: int
    sent: int
    session_id: int
    sender_id: int | None
    texts: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    properties: set[str] = field(default_factory=set)
    revisions: list[int] = field(default_factory=list)


def said(message_ids: list[int]) -> Iterable[Said]:
    """The messages with all their versions, files and names."""
    found: dict[int, Said] = {}
    if len(message_ids) == 0:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [message_ids])
        for message_id, sent, session_id, sender_id, email, is_external in cursor.fetchall():
            one = found[message_id] = Said(message_id, sent, session_id, sender_id)
            if email:
                one.names[email] = None
            if is_external:
                one.properties.add(Property.EXTERNAL)
        cursor.execute(_REVISIONS, [message_ids])
        for revision_id, message_id, kind, text, sender_name in cursor.fetchall():
            one = found[message_id]
            one.revisions.append(revision_id)
            one.texts[text] = None
            one.names[sender_name] = None
            if kind != Revision.Kind.SENT:
                one.properties.add(Property.EDITED if kind == Revision.Kind.EDITED else Property.DELETED)
        cursor.execute(_FILES, [message_ids])
        for message_id, name in cursor.fetchall():
            one = found[message_id]
            one.texts[name] = None
            one.properties.add(Property.FILE)
    return found.values()


def document(one: Said) -> tantivy.Document:
    """The document of one message."""
    document = tantivy.Document()
    document.add_integer("message", one.message_id)
    document.add_integer("session", one.session_id)
    document.add_integer("sent", one.sent)
    document.add_integer("day", one.sent // _MICROSECONDS_A_DAY)
    if one.sender_id is not None:
        document.add_integer("sender", one.sender_id)
    if one.properties:
        document.add_text("properties", " ".join(sorted(one.properties)))
    for text in one.texts:
        _add(document, "text", text)
    for name in one.names:
        document.add_pre_tokenized_text("names", _tokens_of_name(name))
    return document


def _add(document: tantivy.Document, field: str, text: str) -> None:
    """Add a text's terms; where each has a place of its own, the engine counts the places, which is cheaper."""
    words, pairs = analysis.words_and_pairs(text)
    if len(pairs) > 0:
        document.add_pre_tokenized_text(field, _tokens(words, pairs))
    else:
        document.add_text(field, " ".join(words))


def _tokens(words: list[str], pairs: list[tuple[str, int]]) -> tantivy.PreTokenizedString:
    token = tantivy.Token
    places = [token(word, place, 0, 0) for place, word in enumerate(words)]
    return tantivy.PreTokenizedString("", places + [token(pair, place, 0, 0) for pair, place in pairs])


@lru_cache(maxsize=10_000)
def _tokens_of_name(name: str) -> tantivy.PreTokenizedString:
    return _tokens(*analysis.words_and_pairs(name))
