"""Sending notices: a row is claimed, handed to the mail server or to Zoom, and what came of it is written.

Before a text is handed over the row says so. A worker that dies then, or a server that breaks off, leaves a notice that
may have arrived: a chat is looked for at Zoom before it is written again, a mail waits for a person, because nobody can
look into somebody's mailbox. Neither is ever sent twice blindly. What was surely not sent is tried again for most of a
day, and then given up in words.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.db import transaction

from compliance import at_zoom, audit, claiming
from compliance.at_zoom import NotNow, Refused, Unclear
from compliance.mailbag import Mailbag
from compliance.models import Channel, Matter, Notice, NoticeKind
from compliance.notices import mailing, rendering, telling, writing

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]
Kind, State = NoticeKind, Notice.State

MOST_ATTEMPTS = 12
CLAIM_HOLDS = timedelta(minutes=15)
"""Longer than the client of Zoom waits and tries again at most, so that no two workers write the same chat."""
WAIT = timedelta(minutes=1)
LONGEST_WAIT = 256 * WAIT
CLOCKS_DIFFER = timedelta(minutes=10)
INTERRUPTED = "Sending was interrupted; it may have been sent."


class _NotWanted(Exception):
    """Why a notice is not to be sent any more."""


class _LookLater(NotNow):
    """Whether an earlier attempt arrived could not be looked up now."""


def nudge() -> None:
    """Tell a worker that there may be something to send."""
    current_app.send_task("compliance.tasks.send_notices", expires=55)


def send_due(*, clock: Clock) -> int:
    """Send what is due, all mails over one connection; how many were tried.

    Without a connection to the mail server no other mail of this batch is tried: they stay due, and the next batch, a
    minute later, tries again with the first.
    """
    done = 0
    with Mailbag() as bag:
        while _send_next(bag, clock=clock):
            done += 1
    return done


def send_next(*, clock: Clock) -> bool:
    """Send the oldest notice that is due; False when none is."""
    with Mailbag() as bag:
        return _send_next(bag, clock=clock)


def _send_next(bag: Mailbag, *, clock: Clock) -> bool:
    now = clock()
    due = Notice.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))
    if bag.is_down:
        due = due.exclude(channel=Channel.MAIL)
    taken = claiming.take_next(due, now=now, state=State.CLAIMED)
    if taken is None:
        return False
    key, claim = taken
    related = ("custodian", "matter", "wording", "first")
    _carry_out(Notice.objects.select_related(*related).get(pk=key), claim, bag, clock=clock)
    return True


def _carry_out(notice: Notice, claim: uuid.UUID, bag: Mailbag, *, clock: Clock) -> None:
    """Send one notice that is claimed, and write how that went."""
    try:
        _check_wanted(notice)
        by_mail = notice.channel == Channel.MAIL
        zoom_id = (
            _by_mail(notice, claim, bag, clock=clock) if by_mail else _by_chat(notice, claim, clock=clock)
        )
    except claiming.Lost:
        log.info("notice_taken_over", notice=notice.pk)
    except _NotWanted as error:
        if notice.handed_over_at is None:
            _end(notice, claim, State.DISCARDED, f"Not sent: {error}.", now=clock())
        else:
            _end(notice, claim, State.UNSURE, f"{INTERRUPTED} It is not tried again: {error}.", now=clock())
    except Refused as error:
        _end(notice, claim, State.FAILED, str(error), now=clock())
    except NotNow as error:
        keep = isinstance(error, _LookLater)
        _later(notice, claim, str(error), at=error.retry_at, may_have_arrived=keep, now=clock())
    except Unclear as error:
        _unclear(notice, claim, str(error), now=clock())
    except Exception as error:  # recorded, and raised: whatever it was, the notice may be half on its way
        why = f"It broke off ({type(error).__name__})."
        if notice.handed_over_at is None:
            _later(notice, claim, why, at=None, may_have_arrived=False, now=clock())
        else:
            _unclear(notice, claim, why, now=clock())
        raise
    else:
        _sent(notice, claim, zoom_id=zoom_id, now=clock())


def _check_wanted(notice: Notice) -> None:
    if notice.kind == Kind.RELEASE:
        return
    if notice.matter.state == Matter.State.RELEASED or notice.custodian.dropped_at is not None:
        raise _NotWanted("the hold is over")
    first = notice if notice.first is None else notice.first
    if first.revoked_at is not None:
        raise _NotWanted("a newer notice has taken its place")
    if notice.first is not None and first.acknowledged_at is not None:
        raise _NotWanted("the custodian has acknowledged it")


def _by_mail(notice: Notice, claim: uuid.UUID, bag: Mailbag, *, clock: Clock) -> str:
    if notice.handed_over_at is not None:
        raise Unclear(INTERRUPTED)
    mail = mailing.message(notice, now=clock())
    connection = mailing.open_connection(bag)
    _handing_over(notice, claim, now=clock())
    try:
        mailing.hand_over(mail, connection=connection)
    except Exception:
        bag.close()  # whatever state the connection is in, the next mail begins with a new one
        raise
    return ""


def _by_chat(notice: Notice, claim: uuid.UUID, *, clock: Clock) -> str:
    if notice.handed_over_at is not None:
        found = _found_at_zoom(notice, since=notice.handed_over_at, now=clock())
        if found is not None:
            return found
    _handing_over(notice, claim, now=clock())
    return at_zoom.send_chat(
        account_id=notice.matter.account_id,
        sender=notice.chat_sender,
        contact=notice.recipient,
        text=notice.chat_text,
    )


def _found_at_zoom(notice: Notice, *, since: datetime, now: datetime) -> str | None:
    """The message that an earlier attempt may have written; None when it did not. Raises _LookLater, Unclear."""
    try:
        return at_zoom.find_chat(
            account_id=notice.matter.account_id,
            sender=notice.chat_sender,
            contact=notice.recipient,
            holding=rendering.reference(notice.key),
            since=since - CLOCKS_DIFFER,
            until=now + CLOCKS_DIFFER,
        )
    except (Unclear, NotNow) as error:  # looking changes nothing, and may be repeated
        raise _LookLater(str(error), retry_at=getattr(error, "retry_at", None)) from error
    except Refused as error:
        raise Unclear(f"{INTERRUPTED} It cannot be looked up: {error}") from error


def _handing_over(notice: Notice, claim: uuid.UUID, *, now: datetime) -> None:
    """Write down, and commit, that from now on it may have been sent. Raises claiming.Lost."""
    held = Notice.objects.filter(pk=notice.pk, claim=claim, state=State.CLAIMED)
    began = now if notice.handed_over_at is None else notice.handed_over_at
    claiming.keep(held, handed_over_at=began, claimed_at=now)
    notice.handed_over_at = began


@transaction.atomic
def _sent(notice: Notice, claim: uuid.UUID, *, zoom_id: str, now: datetime) -> None:
    mine = Notice.objects.filter(pk=notice.pk, claim=claim)
    done = {"claim": None, "sent_at": now, "zoom_message_id": zoom_id, "last_error": ""}
    if mine.filter(state=State.CLAIMED).update(state=State.SENT, **done) != 1:
        # Whoever answers within the blink between arrival and this line has acknowledged it already.
        mine.filter(state=State.ACKNOWLEDGED).update(**done)
    details = writing.facts(notice) | {"message_id": notice.message_id or zoom_id}
    if notice.channel == Channel.MAIL:
        details["html_sha256"] = mailing.html_digest(notice)
    else:
        details["chat_sha256"] = rendering.text_digest(notice.chat_text)
    audit.record(action=audit.Action.SENT, subject=writing.subject(notice), details=details, by=None, now=now)


def _later(
    notice: Notice,
    claim: uuid.UUID,
    why: str,
    *,
    at: datetime | None,
    may_have_arrived: bool,
    now: datetime,
) -> None:
    """It was not done this time; what an earlier attempt may have sent is still to be looked up."""
    if notice.attempts >= MOST_ATTEMPTS:
        _end(notice, claim, State.UNSURE if may_have_arrived else State.FAILED, why, now=now)
        return
    wait = claiming.again_at(now=now, tries=notice.attempts, most=LONGEST_WAIT)
    Notice.objects.filter(pk=notice.pk, claim=claim, state=State.CLAIMED).update(
        state=State.DUE,
        claim=None,
        last_error=why,
        not_before=wait if at is None else max(at, now),
        handed_over_at=notice.handed_over_at if may_have_arrived else None,
    )
    log.warning("notice_not_sent", notice=notice.pk, attempts=notice.attempts)


def _unclear(notice: Notice, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    """A chat is looked for by the next attempt; a mail is for a person to decide."""
    may_look = notice.channel == Channel.CHAT and not why.startswith(INTERRUPTED)
    if may_look and notice.attempts < MOST_ATTEMPTS:
        Notice.objects.filter(pk=notice.pk, claim=claim, state=State.CLAIMED).update(
            state=State.DUE, claim=None, last_error=why, not_before=now + WAIT * notice.attempts
        )
        log.warning("notice_unclear", notice=notice.pk, attempts=notice.attempts)
        return
    words = why if why.startswith(INTERRUPTED) else f"{INTERRUPTED} {why}"
    _end(notice, claim, State.UNSURE, words, now=now)


@transaction.atomic
def _end(notice: Notice, claim: uuid.UUID, state: Notice.State, why: str, *, now: datetime) -> None:
    """It is not tried again by itself: written to the row and the trail, and told to the members."""
    mine = Notice.objects.filter(pk=notice.pk, claim=claim, state=State.CLAIMED)
    if mine.update(state=state, claim=None, last_error=why) != 1:
        return
    details = writing.facts(notice) | {"state": state.value, "why": why, "attempts": notice.attempts}
    if state != State.DISCARDED:
        telling.trouble(notice, why, now=now)
    audit.record(
        action=audit.Action.NOT_SENT, subject=writing.subject(notice), details=details, by=None, now=now
    )
    log.warning("notice_given_up", notice=notice.pk, state=state.value, attempts=notice.attempts)
