"""Writing one notice: its text, its recipient, its row and its audit event, in the caller's transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Min, Q, QuerySet

from compliance import audit
from compliance.models import Channel, Custodian, Matter, Notice, NoticeKind, NoticePlan, Wording
from compliance.notices import plans, rendering, telling

Kind, State = NoticeKind, Notice.State
NO_ADDRESS = "No e-mail address that can be used is known."
NO_SUPERIOR = "Nobody is named to whom it could be escalated: name the person above the custodian."


@dataclass(frozen=True)
class Made:
    """How a notice comes about: what it follows, why, who prepared it, and whether it is sent without a look."""

    first: Notice | None = None
    number: int = 1
    replaces: Notice | None = None
    why: str = ""
    at_once: bool = True
    by: User | None = None


def root(*, custodian: Custodian, channels: tuple[Channel, ...], made: Made, now: datetime) -> Notice:
    """A custodian's hold notice, in each way; in the caller's transaction."""
    plan = plans.of(custodian.matter)
    first = write(Kind.HOLD, custodian, channels[0], plan, made, now=now)
    for channel in channels[1:]:
        also = Made(first=first, why=made.why, at_once=made.at_once, by=made.by)
        write(Kind.HOLD, custodian, channel, plan, also, now=now)
    return first


def write(
    kind: NoticeKind, custodian: Custodian, channel: Channel, plan: NoticePlan, made: Made, *, now: datetime
) -> Notice:
    """One notice with its text and its audit event, in the caller's transaction. Raises rendering.NoWording."""
    wording = rendering.in_force(kind)
    key = uuid.uuid4()
    link_key = key if made.first is None else made.first.key
    recipient, name = _recipient(kind, custodian, channel)
    filled = rendering.values(
        matter=custodian.matter,
        plan=plan,
        custodian_name=custodian.name,
        recipient_name=name,
        first_sent=None if made.first is None else told_at(made.first),
        link=rendering.link_of(wording, key=link_key, custodian=custodian),
    )
    text = rendering.render(wording, filled, channel=channel, key=key)
    state, error = (State.DUE if made.at_once else State.REVIEW), ""
    if recipient == "":
        state, error = State.FAILED, NO_SUPERIOR if kind == Kind.ESCALATION else NO_ADDRESS
    notice = Notice.objects.create(
        key=key, matter=custodian.matter, custodian=custodian, kind=kind, channel=channel, first=made.first,
        replaces=made.replaces, number=made.number, wording=wording, recipient=recipient, recipient_name=name,
        chat_sender=plan.chat_sender if channel == Channel.CHAT else "", subject=text.subject, body=text.body,
        chat_text=text.chat_text, sha256=text.sha256, message_id=_message_id(key, channel), why=made.why,
        prepared_at=now, prepared_by_name=audit.name_of(made.by), state=state, not_before=now, last_error=error,
    )  # fmt: skip
    if state == State.FAILED:
        telling.trouble(notice, error, now=now)
    details = facts(notice) | {"state": state.value, "why": made.why}
    audit.record(action=audit.Action.PREPARED, subject=subject(notice), details=details, by=made.by, now=now)
    return notice


def subject(notice: Notice) -> str:
    """What the trail calls it: part of its matter's story."""
    return f"matter/{notice.matter_id}"


def facts(notice: Notice) -> dict[str, object]:
    """What every event about a notice keeps: which it is, to whom, and the digest of its text."""
    return {
        "notice": notice.pk,
        "kind": notice.kind,
        "channel": notice.channel,
        "custodian": notice.custodian_id,
        "to": notice.recipient,
        "first": notice.first_id,
        "wording": notice.wording_id,
        "sha256": bytes(notice.sha256).hex(),
    }


def told_at(first: Notice) -> datetime | None:
    """When a custodian was told, whichever way came first; None while they are not."""
    same = Notice.objects.filter(Q(pk=first.pk) | Q(first=first, kind=Kind.HOLD))
    found: datetime | None = same.aggregate(at=Min("sent_at"))["at"]
    return found


def in_effect() -> QuerySet[Notice]:
    """First notices whose hold lives: nobody was released, and no newer one took their place."""
    return Notice.objects.filter(
        kind=Kind.HOLD, first=None, revoked_at=None, custodian__dropped_at=None, matter__state=Matter.State.ACTIVE
    ).exclude(state=State.DISCARDED)  # fmt: skip


def _recipient(kind: NoticeKind, custodian: Custodian, channel: Channel) -> tuple[str, str]:
    """The address, "" when none is known, and the name of whoever gets it."""
    if kind == Kind.ESCALATION:
        superior = plans.superior_of(custodian)
        return ("", "") if superior is None else (superior.email, superior.name)
    if channel == Channel.CHAT:
        return custodian.email.strip(), custodian.name
    return plans.usable(custodian.email), custodian.name


def _message_id(key: uuid.UUID, channel: Channel) -> str:
    """A mail's Message-ID, fixed before anything is sent: mail servers recognise a repetition by it."""
    if channel != Channel.MAIL:
        return ""
    return f"<{key.hex}@{urlsplit(settings.HOLDFAST_URL).hostname or 'localhost'}>"


def example(wording: Wording, *, matter: Matter | None, custodian: Custodian | None) -> tuple[str, str]:
    """Subject and text of a wording as they would be sent; made-up names where there is no matter or custodian."""
    if matter is None:
        matter = Matter(name="Example matter", reason="The reason of the matter.")
        plan = NoticePlan(matter=matter, contact="the legal team")
    else:
        plan = plans.of(matter)
    name = "Olu Example" if custodian is None else custodian.name
    filled = rendering.values(
        matter=matter,
        plan=plan,
        custodian_name=name,
        recipient_name="Mei Above" if Kind(wording.kind) is Kind.ESCALATION else name,
        first_sent=wording.made_at,
        link=f"{settings.HOLDFAST_URL}/acknowledge/…/",
    )
    text = rendering.render(wording, filled, channel=Channel.MAIL, key=uuid.uuid4())
    return text.subject, text.body
