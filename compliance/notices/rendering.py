"""A notice's text from a wording in force: what is put in for whom, and how it is hashed."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from compliance.at_zoom import LONGEST_CHAT
from compliance.models import Channel, Custodian, Matter, NoticeKind, NoticePlan, Wording
from compliance.notices import links, placeholders


class NoWording(Exception):
    """No wording of a kind is in force, in a sentence."""


@dataclass(frozen=True)
class Rendered:
    """Subject and body as they are sent; `chat_text` is what stands in a chat, "" for a mail."""

    subject: str
    body: str
    chat_text: str
    sha256: bytes


def in_force(kind: NoticeKind) -> Wording:
    """The wording that came into force last. Raises NoWording."""
    found = Wording.objects.filter(kind=kind).exclude(in_force_from=None).order_by("-in_force_from", "-pk")
    wording = found.first()
    if wording is None:
        raise NoWording(f"No wording of the {NoticeKind(kind).label} is approved.")
    return wording


def values(
    *,
    matter: Matter,
    plan: NoticePlan,
    custodian_name: str,
    recipient_name: str,
    first_sent: datetime | None,
    link: str,
) -> dict[str, str]:
    """What each placeholder stands for in one notice."""
    filled = {
        "custodian": placeholders.one_line(custodian_name) or "custodian",
        "recipient": placeholders.one_line(recipient_name) or "colleague",
        "matter": placeholders.one_line(matter.name),
        "reason": placeholders.lines(matter.reason.strip()),
        "since": placeholders.day(matter.since),
        "contact": placeholders.one_line(contact(plan), most=200),
        "acknowledge_link": link,
    }
    return filled if first_sent is None else filled | {"first_sent": placeholders.day(first_sent.date())}


def render(wording: Wording, filled: dict[str, str], *, channel: Channel, key: uuid.UUID) -> Rendered:
    """The wording with its values, ready for a channel."""
    subject = placeholders.filled_subject(wording.subject, filled)
    body = placeholders.fill(wording.body.replace("\r\n", "\n"), filled).strip() + "\n"
    chat = _chat(subject, body, link=filled["acknowledge_link"], key=key) if channel == Channel.CHAT else ""
    return Rendered(subject, body, chat, digest(subject, body))


def digest(subject: str, body: str) -> bytes:
    """SHA-256 over subject, an empty line, and body."""
    return hashlib.sha256(f"{subject}\n\n{body}".encode()).digest()


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def reference(key: uuid.UUID) -> str:
    """What a chat message carries so that it is found again when Zoom's reply was lost."""
    return f"Reference {key.hex[:12]}"


def link_of(wording: Wording, *, key: uuid.UUID, custodian: Custodian) -> str:
    """The custodian's link, for the kinds that have one; "" otherwise."""
    if wording.kind not in placeholders.NEEDS_LINK:
        return ""
    return links.address(key=key, custodian_id=custodian.pk)


def contact(plan: NoticePlan) -> str:
    """Whom a custodian may ask: what the plan says, otherwise who opened the matter."""
    if plan.contact:
        return plan.contact
    opener = plan.matter.opened_by
    if opener is None:
        return plan.matter.opened_by_name
    name = opener.get_full_name() or opener.username
    return f"{name} ({opener.email})" if opener.email else name


def _chat(subject: str, body: str, *, link: str, key: uuid.UUID) -> str:
    """The whole where a chat message takes it; otherwise what leads to it. Too long without a link: Zoom says so."""
    mark = reference(key)
    whole = f"{body.strip()}\n\n{mark}"
    if len(whole) <= LONGEST_CHAT or not link:
        return whole
    room = LONGEST_CHAT - len(link) - len(mark) - 120
    return f"{subject[:room]}\n\nPlease read the whole notice here, and say that you have read it:\n{link}\n\n{mark}"
