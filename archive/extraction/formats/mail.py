"""Mails that somebody saved (RFC 5322, MIME): the headers people see, the texts, and attachments as entries."""

import email
import email.policy
import io
from email.message import EmailMessage, Message
from typing import cast

from archive.extraction.formats import hypertext, plain
from archive.extraction.gathered import Gathered, Unreadable
from archive.extraction.outcomes import Reason

_SHOWN = ("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject")


def read(data: bytes, into: Gathered) -> None:
    """A mail with all its parts."""
    _read(email.message_from_bytes(data, policy=email.policy.default), into, depth=0)


def _read(message: EmailMessage, into: Gathered, *, depth: int) -> None:
    if depth > into.limits.depth * 4:
        raise Unreadable(Reason.TOO_DEEP)
    if depth == 0:
        shown = [f"{name}: {_header(message, name)}" for name in _SHOWN if message.get(name) is not None]
        into.write("\n".join(shown) + "\n\n")
    if message.is_multipart():
        for number, part in enumerate(_parts(message), start=1):
            if message.get_content_type() == "message/rfc822":
                name = message.get_filename() or f"mail {number}.eml"
                into.inside(name, io.BytesIO(cast(Message, part).as_bytes()))
            else:
                _read(cast(EmailMessage, part), into, depth=depth + 1)
        return
    data = message.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    into.spend(len(data))
    name = message.get_filename() or ""
    kind = message.get_content_type()
    if kind.startswith("text/") and not name:
        text = plain.decode(data, declared=message.get_content_charset() or "")
        if kind == "text/html":
            hypertext.write(text, into)
        else:
            into.write(text.replace("\r\n", "\n"))
        into.write("\n")
    else:
        into.inside(name or f"part of type {kind}", io.BytesIO(data))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return ", ".join(str(value) for value in message.get_all(name, []))
    except Exception:  # noqa: BLE001 -- the parser of headers fails on some in many ways; the raw header then stands
        return ", ".join(str(value) for key, value in message.raw_items() if key.lower() == name.lower())


def _parts(message: EmailMessage) -> list[object]:
    payload = message.get_payload()
    return list(payload) if isinstance(payload, list) else []
