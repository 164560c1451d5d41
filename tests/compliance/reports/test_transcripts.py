"""Transcripts: what comes before it is made, pages that lose nothing, files that are whole, recorded and inert."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Message, Session, Window
from compliance import transcripts
from compliance.models import AuditEvent
from compliance.periods import Period
from compliance.transcripts import Form
from tests.archive import scenes
from tests.compliance import cast, world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 19), "UTC")
DAYS = "during=2026-11-01..2026-11-19&zone=UTC"


@pytest.fixture
def session(db: None) -> Session:
    """A session with one of everything and twelve more messages."""
    return world.fill(messages=12)[0]


Get = Callable[[str], str]


@pytest.fixture
def get(ines: User, as_person: As) -> Get:
    client = as_person(ines)
    return lambda address: client.get(address).content.decode()


def whole(session: Session, form: Form, by: User | None = None, period: Period = NOVEMBER) -> bytes:
    given = transcripts.take(session_id=session.pk, period=period, form=form, by=by, now=scenes.NOW)
    return b"".join(given)


def test_what_comes_is_said_before_it_is_made(session: Session, get: Get) -> None:
    """Counts and gaps of the period; of days in which nothing was said, that."""
    page = get(f"/sessions/{session.pk}/transcript/?{DAYS}")
    counted = Message.objects.filter(session=session).count()
    assert f'<dd class="figure">{counted}</dd>' in page
    assert "every day is proven complete" in page
    Window.objects.filter(session=session).update(complete_through=None, state="gap", last_error="503")
    page = get(f"/sessions/{session.pk}/transcript/?{DAYS}")
    assert "of 19 days (UTC), drawn as torn paper" in page
    empty = get(f"/sessions/{session.pk}/transcript/?during=2026-10-05..2026-10-06&zone=UTC")
    assert "drawn as torn paper" in empty  # nobody asked Zoom: not the same as nothing said


def test_the_pages_lose_nothing_and_repeat_nothing(session: Session) -> None:
    """However long a stretch is, the stretches together are the session's messages in order."""
    wanted = list(
        Message.objects.filter(session=session).order_by("sent_at", "pk").values_list("pk", flat=True)
    )
    for limit in (1, 3, 7, 100):
        seen, after = [], None
        while True:
            page = transcripts.page(
                session_id=session.pk, period=NOVEMBER, after=after, limit=limit, by=None, now=scenes.NOW
            )
            seen += [said.id for said in page.transcript.messages]
            after = page.transcript.later
            if after is None:
                break
        assert seen == wanted


def test_a_period_is_of_its_zone(session: Session) -> None:
    """Half past midnight in Auckland is the day before in UTC: each message is on one day of the zone."""
    zone = "Pacific/Auckland"
    days = [date(2026, 11, 1) + timedelta(days=number) for number in range(4)]
    counted = [
        transcripts.coming(
            session_id=session.pk, period=Period(day, day, zone), by=None, now=scenes.NOW
        ).extent
        for day in days
    ]
    assert sum(one.messages for one in counted) == Message.objects.filter(session=session).count()
    first = counted[1].first_at or counted[2].first_at
    assert first is not None


@pytest.mark.parametrize("form", list(Form))
def test_a_file_is_whole_and_has_the_digest_of_itself(form: Form, session: Session, ines: User) -> None:
    """Its last line has the SHA-256 of all before it, and the trail has the same, with how much it was."""
    data = whole(session, form, by=ines)
    body, found = data.rsplit(b"\n", 2)[0] + b"\n", re.findall(rb"[0-9a-f]{64}", data)[-1].decode()
    assert hashlib.sha256(body).hexdigest() == found
    ended = AuditEvent.objects.latest("pk")
    assert (ended.action, ended.details["sha256"], ended.details["bytes"]) == ("sent", found, len(body))
    assert ended.details["messages"] == Message.objects.filter(session=session).count()
    assert ended.actor == ines
    text = data.decode()
    for words in (
        "ship it friday",
        "ship it monday",
        "ship it someday",
        "delete this please",
        "from outside",
    ):
        assert words.split()[0] in text
    assert "deleted" in text
    assert "wording 1 of 2" in text


def test_what_strangers_wrote_cannot_act_in_a_file(session: Session) -> None:
    """Markup is text, turning characters are marks, and the file allows no script, image or address."""
    data = whole(session, Form.HTML).decode()
    assert "<script" not in data
    assert "<img" not in data
    assert "\u202e" not in data
    assert "default-src &#x27;none&#x27;" in data or "default-src 'none'" in data
    assert "http" not in data.replace("http-equiv", "")
    assert "\u202e" not in whole(session, Form.TEXT).decode()


def test_gaps_are_torn_places_in_page_and_file(session: Session, get: Get) -> None:
    """A day that is not proven says so where it is, with the reason."""
    Window.objects.filter(session=session).update(
        complete_through=None, state="gap", last_error="Zoom answered 503.", last_error_code="unavailable"
    )
    page = get(f"/sessions/{session.pk}/transcript/?{DAYS}&read=1")
    assert 'class="tear"' in page
    assert "Zoom answered 503." in page
    assert 'class="tear"' in whole(session, Form.HTML).decode()
    assert "~~~~~ GAP 2026-11-01" in whole(session, Form.TEXT).decode()
    assert "NOT proven complete" in whole(session, Form.TEXT).decode()


def test_each_look_and_each_file_names_what_was_shown(session: Session, ines: User, get: Get) -> None:
    """Through the audited door: the page, and before the first byte of a file."""
    get(f"/sessions/{session.pk}/transcript/?{DAYS}&read=1")
    look = AuditEvent.objects.latest("pk")
    assert look.action == "looked"
    assert len(look.details["shown"]) == Message.objects.filter(session=session).count()
    begun = transcripts.take(session_id=session.pk, period=NOVEMBER, form=Form.HTML, by=ines, now=scenes.NOW)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.details["period"]) == ("downloaded", "2026-11-01..2026-11-19")
    next(begun)
    assert AuditEvent.objects.latest("pk") == event  # broken off: a beginning, and no end


def test_somebody_with_a_matter_gets_what_it_holds_and_no_more(
    session: Session, ravi: User, as_person: As
) -> None:
    """Without a matter the session is not there; with one, the file has what its holds cover, and says so."""
    client = as_person(ravi)
    address = f"/sessions/{session.pk}/transcript/?{DAYS}"
    assert client.get(address).status_code == 404
    world.matter(ravi)
    page = as_person(User.objects.get(pk=ravi.pk)).get(address)
    assert b"only what the holds of your matters cover" in page.content
    text = whole(session, Form.TEXT, by=User.objects.get(pk=ravi.pk)).decode()
    assert "Only what the holds" in text


def test_who_may_not_read_gets_neither(session: Session, ada: User, as_person: As) -> None:
    """Ada administers: refused and recorded."""
    client = as_person(ada)
    for address in ("transcript/", "transcript/take/"):
        assert client.get(f"/sessions/{session.pk}/{address}?{DAYS}").status_code == 403
        assert AuditEvent.objects.latest("pk").action == "refused"


def test_a_page_costs_the_same_for_more_messages(session: Session, ines: User, as_person: As) -> None:
    """What comes, and a stretch, within their budgets."""
    client = as_person(ines)
    budgets = {
        f"/sessions/{session.pk}/transcript/?{DAYS}": 34,
        f"/sessions/{session.pk}/transcript/?{DAYS}&read=1": 56,
    }

    def costs() -> dict[str, int]:
        found = {}
        for address in budgets:
            caches["process"].clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    few = costs()
    more = [scenes.said(f"more {n}", id=f"m{n}", minute=200 + n) for n in range(70)]
    world.captured(session.windows.get(), more)
    assert costs() == few
    assert {address: n for address, n in few.items() if n > budgets[address]} == {}


def test_a_name_with_a_line_feed_forges_no_line(session: Session) -> None:
    """A sender called like a transcript's own lines stays on the line of who said it."""
    forged = "Mallory\n2026-11-02 12:00:00 UTC  Ines"
    said = scenes.said(
        "x",
        id="forged",
        minute=500,
        by={"sender": "", "sender_member_id": "m-x", "sender_display_name": forged},
    )
    world.captured(session.windows.get(), [said])
    lines = whole(session, Form.TEXT).decode().split("\n")
    assert (
        "2026-11-02 12:00:00 UTC  Ines" not in lines[10:] or lines.count("2026-11-02 12:00:00 UTC  Ines") == 1
    )
    assert any("Mallory" in line and line.endswith("Ines (outside)") for line in lines)


def test_who_has_no_role_reads_nothing(session: Session) -> None:
    """Nia, who has no role, reads nothing."""
    with pytest.raises(PermissionDenied, match="may not"):
        transcripts.coming(session_id=session.pk, period=NOVEMBER, by=cast.person(None), now=scenes.NOW)
