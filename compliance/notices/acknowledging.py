"""A custodian says that they have read a notice: by the link alone, once, from whatever browser.

Looking changes nothing, because mail scanners follow links; only the button acknowledges. A link that is forged, of another
custodian, or of a hold that is over opens nothing, and the page does not say which of these it was.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from compliance import audit, inert
from compliance.models import Matter, Notice, NoticeKind
from compliance.notices import links, plans, rendering, telling, writing

State = Notice.State
LONGEST_COMMENT = 4_000
LONGEST_BROWSER = 300
OPEN_STATES = (State.DUE, State.CLAIMED, State.SENT, State.UNSURE, State.FAILED)


class NoSuchLink(Exception):
    """The link opens nothing."""


@dataclass(frozen=True)
class Shown:
    """A notice for the custodian it was sent to; the link in its text is hidden, they have it already."""

    subject: str
    body: str
    sent_at: datetime | None
    acknowledged_at: datetime | None
    contact: str


def shown(*, token: str) -> Shown:
    """What a link opens. Raises NoSuchLink."""
    notice = _find(token)
    return Shown(
        subject=notice.subject,
        body=links.masked(notice.body),
        sent_at=notice.sent_at,
        acknowledged_at=notice.acknowledged_at,
        contact=rendering.contact(plans.of(notice.matter)),
    )


def acknowledge(*, token: str, comment: str, browser: str, now: datetime) -> Shown:
    """Acknowledge a notice, once; later calls change nothing and say when it was. Raises NoSuchLink."""
    notice = _find(token)
    comment = inert.typed(comment)[:LONGEST_COMMENT]
    browser = inert.plain(browser)[:LONGEST_BROWSER]
    with transaction.atomic():
        won = Notice.objects.filter(
            pk=notice.pk, state__in=OPEN_STATES, acknowledged_at=None, revoked_at=None
        ).update(
            state=State.ACKNOWLEDGED, acknowledged_at=now, acknowledged_from=audit.ADDRESS.get(),
            acknowledged_with=browser, comment=comment,
        )  # fmt: skip
        if won == 1:
            notice.refresh_from_db()
            details = writing.facts(notice) | {
                "custodian_name": notice.custodian.name,
                "browser": browser,
                "comment_sha256": rendering.text_digest(comment) if comment else None,
            }
            telling.acknowledged(notice, now=now)
            audit.record(
                action=audit.Action.ACKNOWLEDGED, subject=writing.subject(notice), details=details,
                by=AnonymousUser(), now=now,
            )  # fmt: skip
    return shown(token=token)


def _find(token: str) -> Notice:
    """The first notice that a token names, while its hold lives. Raises NoSuchLink."""
    named = links.read(token)
    if named is None:
        raise NoSuchLink
    key, custodian_id = named
    found = Notice.objects.select_related("custodian", "matter__opened_by").filter(
        key=key, custodian_id=custodian_id, kind=NoticeKind.HOLD, first=None, revoked_at=None,
        custodian__dropped_at=None, matter__state=Matter.State.ACTIVE,
        state__in=[*OPEN_STATES, State.ACKNOWLEDGED],
    )  # fmt: skip
    notice = found.first()
    if notice is None:
        raise NoSuchLink
    return notice
