"""Being told: in the console, and by mail."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from archive import search
from compliance import gathering, lists, told
from compliance.models import Told
from tests.archive.scenes import NOW
from tests.archive.search.talk import NOON, Talk
from tests.compliance.work.conftest import Index, index, talk

__all__ = ["index", "talk"]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Deaf(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("words of strangers")


def tell(person: User, text: str = "The list is done.") -> Told:
    return told.tell(person=person, text=text, link="/lists/1/", now=NOW)


def test_a_line_is_unseen_until_it_was_looked_at(ines: User, ravi: User) -> None:
    """By the person it is for."""
    tell(ines)
    assert (told.unseen(person=ines), told.unseen(person=ravi)) == (1, 0)
    assert told.page(person=ravi, now=NOW).total == 0
    page = told.page(person=ines, now=NOW + HOUR)
    assert [line.seen_at for line in page.lines] == [None]
    assert told.unseen(person=ines) == 0
    assert Told.objects.get().seen_at == NOW + HOUR


def test_lines_are_read_on_by_key(ines: User) -> None:
    """Newest first, pages join, what is on the next page is not seen yet."""
    made = [tell(ines).pk for _ in range(60)]
    first = told.page(person=ines, now=NOW)
    assert (first.total, told.unseen(person=ines)) == (60, 10)
    second = told.page(person=ines, before=first.older, now=NOW)
    assert [line.pk for line in (*first.lines, *second.lines)] == made[::-1]
    assert second.older is None


@pytest.mark.parametrize("link", ["https://elsewhere.test/", "//elsewhere.test/", "lists/"])
def test_a_line_leads_nowhere_else(link: str, ines: User) -> None:
    """The database refuses a link out of the console."""
    with pytest.raises(IntegrityError, match="told_leads_within_the_console"), transaction.atomic():
        told.tell(person=ines, text="x", link=link, now=NOW)


def test_a_line_is_mailed_to_whom_it_concerns(ines: User) -> None:
    """With the link, once."""
    tell(ines, "The frozen list “Board\r\nBcc: olu@example.test” is\u202e done.")
    assert told.mail_next(clock=lambda: NOW)
    assert not told.mail_next(clock=lambda: NOW)
    (sent,) = mail.outbox
    assert sent.to == ["ines@example.test"]
    assert sent.subject == "Holdfast: The frozen list “Board Bcc: olu@example.test” is[U+202E] done."
    assert "http://localhost:8000/lists/1/" in sent.body
    assert (Told.objects.get().mail, Told.objects.get().mailed_at) == ("sent", NOW)


def test_who_has_no_address_is_told_in_the_console(ines: User) -> None:
    """And so is whoever was switched off."""
    ines.email = ""
    ines.save()
    assert tell(ines).mail == "none"


@pytest.mark.parametrize(("host", "is_mailed"), [("", "none"), ("localhost", "due")])
def test_without_a_mail_server_nothing_waits_to_be_mailed(
    host: str, is_mailed: str, ines: User, settings: Any
) -> None:
    """EMAIL_URL names none unless it is set."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, host
    assert tell(ines).mail == is_mailed


def test_a_mail_that_is_not_taken_is_tried_again_and_given_up_in_words(ines: User, settings: Any) -> None:
    """The server's own words stay out of the row and of the logs."""
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"
    tell(ines)
    assert told.mail_next(clock=lambda: NOW)
    line = Told.objects.get()
    assert (line.mail, line.last_error) == (
        "due",
        "The mail server did not take it (SMTPServerDisconnected).",
    )
    assert not told.mail_next(clock=lambda: NOW)
    for day in range(1, 9):
        told.mail_next(clock=lambda n=day: NOW + n * DAY)  # type: ignore[misc]
    assert (Told.objects.get().mail, Told.objects.get().attempts, told.undelivered(since=NOW)) == (
        "failed",
        8,
        1,
    )
    assert told.undelivered(since=NOW + HOUR) == 0


def test_a_worker_that_died_is_followed_by_another(ines: User) -> None:
    """Its claim lapses."""
    tell(ines)
    Told.objects.update(mail="claimed", claimed_at=NOW, claim="00000000-0000-0000-0000-000000000001")
    assert not told.mail_next(clock=lambda: NOW)
    assert told.mail_next(clock=lambda: NOW + HOUR)
    assert len(mail.outbox) == 1


def test_whoever_asked_for_a_long_list_is_told_when_it_is_done(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short one is there at once, and needs no word."""
    talk.say("budget")
    index()
    lists.freeze(name="Short", query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    assert not Told.objects.exists()
    monkeypatch.setattr(gathering, "AT_ONCE", 0)
    frozen = lists.freeze(name="Long", query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    assert gathering.carry_out_next(clock=lambda: NOON)
    line = Told.objects.get()
    assert (line.person, line.link) == (ines, f"/lists/{frozen.pk}/")
    assert line.text == "The frozen list “Long” is done: 1 message."


def test_whoever_asked_for_a_list_is_told_when_it_failed(
    talk: Talk, index: Index, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With why."""
    talk.say("budget")
    index()
    monkeypatch.setattr(gathering, "AT_ONCE", 0)
    lists.freeze(name="Long", query="budget", order=search.Order.NEWEST, by=ines, now=NOON)
    ines.groups.clear()
    assert gathering.carry_out_next(clock=lambda: NOON)
    assert Told.objects.get().text == (
        "The frozen list “Long” failed. Whoever asked for it may no longer do so."
    )
