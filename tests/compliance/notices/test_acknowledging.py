"""A custodian acknowledges by a link alone: what opens it, what does not, and what a scanner cannot do."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import signing
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client

from compliance.models import AuditEvent, Custodian, Notice, Told
from compliance.notices import acknowledging, deciding, links, reading
from tests.compliance.conftest import As
from tests.compliance.notices.conftest import Case, link_in, token_in

pytestmark = pytest.mark.django_db


def sent(case: Case, name: str = "Olu") -> tuple[Custodian, str]:
    """A custodian who was told, and the path of their link."""
    custodian = case.add(name)
    case.work()
    return custodian, link_in(str(case.mails(custodian.email)[0].body))


def test_the_mail_is_read_the_button_pressed_and_the_officer_sees_it(case: Case, client: Client) -> None:
    """Without an account: the page shows the notice, one POST acknowledges it, later visits say when."""
    olu, link = sent(case)
    page = client.get(link)
    assert page.status_code == 200
    assert "Inquiry 2026-114" in page.content.decode()
    assert "UTC</time>" in page.content.decode().split("Sent ")[1].split("</p>")[0], "whose clock it is"
    assert (
        client.post(
            link, {"comment": "What about <b>paper</b>?\nOlu"}, HTTP_USER_AGENT="Firefox/1"
        ).status_code
        == 302
    )
    after = client.get(link).content.decode()
    assert "You acknowledged this notice" in after
    assert "<button" not in after
    row = case.notice(olu)
    assert (row.state, row.comment) == ("acknowledged", "What about <b>paper</b>?\nOlu")
    assert (row.acknowledged_from, row.acknowledged_with) == ("127.0.0.1", "Firefox/1")
    assert reading.page(matter_id=case.matter.pk, by=case.ines).counts.acknowledged == 1
    event = AuditEvent.objects.get(action="acknowledged")
    assert event.actor_name == "someone not signed in"
    assert (event.details["custodian"], event.address) == (olu.pk, "127.0.0.1")
    assert "paper" not in json.dumps(event.details)
    assert Told.objects.filter(person=case.ines, text__startswith="Olu has acknowledged").count() == 1


def test_a_scanner_that_follows_the_link_acknowledges_nothing(case: Case, client: Client) -> None:
    """However often it looks, by whatever verb that only looks."""
    olu, link = sent(case)
    for _ in range(5):
        client.get(link)
        client.head(link)
    assert client.options(link).status_code == 405
    assert case.notice(olu).state == "sent"


def test_it_counts_once(case: Case, client: Client) -> None:
    """The second press changes neither the moment nor the words."""
    olu, link = sent(case)
    client.post(link, {"comment": "first"})
    first = case.notice(olu)
    client.post(link, {"comment": "second"})
    assert (case.notice(olu).comment, case.notice(olu).acknowledged_at) == ("first", first.acknowledged_at)
    assert AuditEvent.objects.filter(action="acknowledged").count() == 1


def test_what_is_no_link_of_ours_opens_nothing(case: Case, client: Client) -> None:
    """Forged, of another custodian, signed for something else, cut, endless: the same words for all."""
    olu, link = sent(case)
    mei, _ = sent(case, "Mei")
    key = case.notice(olu).key
    other_salt = signing.Signer(salt="something else").sign_object([key.hex, olu.pk])
    bad = [
        "1",
        token_in(link)[:-1] + ("A" if token_in(link)[-1] != "A" else "B"),
        links.token(key=key, custodian_id=mei.pk),
        links.token(key=uuid.uuid4(), custodian_id=olu.pk),
        other_salt,
        signing.Signer(salt=links.SALT).sign_object({"a": 1}),
        signing.Signer(salt=links.SALT).sign_object([key.hex]),
        "A" * 5000,
    ]
    answers = set()
    for token in bad:
        for asked in (client.get, client.post):
            answer = asked(f"/acknowledge/{token}/")
            answers.add((answer.status_code, answer.content))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert case.notice(olu).state == "sent"


def test_a_resend_kills_the_link_before(case: Case, client: Client) -> None:
    """The new mail's link works, the old one opens nothing, and why it was sent again is kept."""
    olu, old = sent(case)
    deciding.resend(
        matter_id=case.matter.pk, custodian_id=olu.pk, why="They lost it.", by=case.ines, now=case.now
    )
    case.later(minutes=1)
    assert client.get(old).status_code == 404
    new = link_in(str(case.mails(olu.email)[1].body))
    assert client.post(new).status_code == 302
    assert case.notice(olu).why == "They lost it."
    case.later(days=4)
    assert Notice.objects.filter(kind="reminder").count() == 0


def test_links_do_not_grow_old(case: Case, client: Client) -> None:
    """A hold lasts for years, and so does its link."""
    _, link = sent(case)
    case.later(days=2000)
    assert client.get(link).status_code == 200


def test_nothing_else_of_the_console_is_there(case: Case, client: Client) -> None:
    """No rail, no other custodian; no index, no referrer, no cache; the link itself is not on the page."""
    _, link = sent(case)
    sent(case, "Mei")
    page = client.get(link)
    html = page.content.decode()
    assert "Mei" not in html
    assert 'class="rail"' not in html
    assert token_in(link) not in html.replace(f'action="{link}"', "")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "private, no-store"
    assert client.get("/matters/1/notices/").status_code == 302


def test_guessing_is_slowed_down(case: Case, client: Client) -> None:
    """So many looks a minute from one address, and then none, whatever the link."""
    _, link = sent(case)
    cache.clear()
    with time_machine.travel(case.now, tick=False):  # within one minute of the clock, however long it takes
        answers = [client.get("/acknowledge/nonsense/").status_code for _ in range(130)]
        assert answers[0] == 404
        assert answers[-1] == 429
        assert client.get(link).status_code == 429


def test_the_words_of_strangers_are_words_on_the_page(case: Case, client: Client) -> None:
    """A torture name is shown inert on the page."""
    olu = case.add("<script>x</script> \u202eulO", email="olu@acme.example")
    case.work()
    html = client.get(link_in(str(case.mails(olu.email)[0].body))).content.decode()
    assert "<script>x" not in html
    assert "\u202e" not in html


def test_the_database_keeps_what_was_told(case: Case) -> None:
    """Neither text nor moment nor answer can be rewritten, no state skipped, nothing removed."""
    olu, link = sent(case)
    for change in (
        {"body": "x"},
        {"sha256": b"x"},
        {"recipient": "x@y.z"},
        {"sent_at": None},
        {"state": "due"},
    ):
        with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
            Notice.objects.filter(pk=case.notice(olu).pk).update(**change)
    acknowledging.acknowledge(token=token_in(link), comment="yes", browser="", now=case.now)
    for change in ({"comment": "no"}, {"acknowledged_at": case.now + timedelta(days=1)}):
        with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
            Notice.objects.filter(pk=case.notice(olu).pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.all()._raw_delete("default")
    assert Notice.objects.count() == 1


def test_members_cannot_acknowledge_from_what_they_see(case: Case, ines: User, as_person: As) -> None:
    """The notice as sent, on the members' page, without the secret of its link."""
    olu, link = sent(case)
    html = as_person(ines).get(f"/matters/{case.matter.pk}/notices/{case.notice(olu).pk}/").content.decode()
    assert "Please say that you have read this" in html
    assert token_in(link) not in html
    assert "/acknowledge/" in html
