"""Notices by e-mail, against a mail server on the loopback that takes, refuses, breaks off and is not there."""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import override_settings

from compliance.models import AuditEvent, Notice, Told
from compliance.notices import acknowledging, deciding, preparing, sending
from compliance.notices.plans import Unfit
from tests.compliance.notices.conftest import Case, link_in, token_in

pytestmark = pytest.mark.django_db


@dataclass
class Post:
    """A mail server: what it took, over how many connections, and what it says to whom and to whatever comes."""

    taken: list[bytes] = field(default_factory=list)
    to_recipients: str = "250 OK"
    to_mails: str = "250 OK"
    breaks_off: bool = False
    closes_after: int = 0
    callers: set[tuple[str, int]] = field(default_factory=set)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipients.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipients

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.callers.add(session.peer)
        if self.to_mails.startswith("2"):
            self.taken.append(content)
        if self.breaks_off:
            assert server.transport is not None
            server.transport.close()
        return self.to_mails

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, argument: str) -> str:
        is_tired = self.closes_after and len(self.taken) % self.closes_after == 0
        return "421 Too many mails, call again" if is_tired else "250 OK"

    def read(self, number: int = -1) -> email.message.EmailMessage:
        return email.message_from_bytes(self.taken[number], policy=email.policy.default)  # type: ignore[arg-type]


@pytest.fixture
def post() -> Iterator[Post]:
    """The server, named by the settings."""
    handler = Post()
    # Its socket listens from the beginning, and whoever calls waits in its queue: aiosmtpd's own controller is given a
    # port that was free a moment ago, and waits for its answer no longer than a few seconds.
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with (
        _served(lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True), listening),
        override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=60),
    ):
        yield handler


@contextmanager
def _served(made: Callable[[], SMTP], listening: socket.socket) -> Iterator[None]:
    """Answer whoever calls for as long as the block lasts.

    All of it in a thread: in this one a browser's driver may have a loop that runs.
    """
    loop, started = asyncio.new_event_loop(), threading.Event()

    def serve() -> None:
        server = loop.run_until_complete(loop.create_server(made, sock=listening))
        loop.call_soon(started.set)
        loop.run_forever()
        loop.run_until_complete(_end(server))
        loop.close()

    thread = threading.Thread(target=serve, name="post")
    thread.start()
    try:
        assert started.wait(60)
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _end(server: asyncio.Server) -> None:
    """Hang up on whoever is still there."""
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def test_a_mail_as_it_arrives(case: Case, post: Post) -> None:
    """One recipient, the Message-ID of the row, text and HTML of the same words, nothing fetched from elsewhere."""
    olu = case.add("Olu")
    case.work()
    row, mail = case.notice(olu), post.read()
    assert (row.state, len(post.taken)) == ("sent", 1)
    assert mail["Message-ID"] == row.message_id
    assert (mail["To"], mail["Auto-Submitted"]) == ("olu@acme.example", "auto-generated")
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == row.body
    assert f'<a href="http://localhost:8000{link_in(row.body)}">' in html.get_content()
    assert html.get_content().count("http") == 2  # the link and its words
    assert "<img" not in html.get_content()


def test_an_address_refused_for_good_fails_at_once(case: Case, post: Post) -> None:
    """The code is in the words, the members are told, and nothing is tried again by itself."""
    post.to_recipients = "550 no such user"
    olu = case.add("Olu")
    case.work()
    case.later(days=2)
    row = case.notice(olu)
    assert (row.state, row.attempts) == ("failed", 1)
    assert row.last_error == "The mail server refuses this address for good (550)."
    assert Told.objects.filter(person=case.ines, text__contains="refuses this address").count() == 1
    assert AuditEvent.objects.filter(action="not_sent").count() == 1
    post.to_recipients = "250 OK"
    deciding.again(matter_id=case.matter.pk, notice_id=row.pk, by=case.ines, now=case.now)
    case.work()
    assert case.notice(olu).state == "sent"


@pytest.mark.parametrize("busy", ["to_recipients", "to_mails"])
def test_a_busy_server_is_asked_again(case: Case, post: Post, busy: str) -> None:
    """Not at once, and sent once in the end."""
    setattr(post, busy, "451 come back later")
    olu = case.add("Olu")
    case.work()
    case.work()
    row = case.notice(olu)
    assert (row.state, row.attempts, row.handed_over_at) == ("due", 1, None)
    assert "451" in row.last_error
    setattr(post, busy, "250 OK")
    case.later(minutes=2)
    assert (case.notice(olu).state, len(post.taken)) == ("sent", 1)


def test_no_server_for_a_day_is_given_up_in_words(case: Case, post: Post) -> None:
    """Tried for most of a day, ever more rarely."""
    with override_settings(EMAIL_PORT=1):
        olu = case.add("Olu")
        case.work()
        for _ in range(40):
            case.later(hours=1)
    row = case.notice(olu)
    assert (row.state, row.attempts) == ("failed", sending.MOST_ATTEMPTS)
    assert "cannot be reached" in row.last_error


def test_without_a_server_nothing_is_claimed_to_be_sent(case: Case, post: Post) -> None:
    """It says what to set."""
    with override_settings(EMAIL_HOST=""):
        olu = case.add("Olu")
        case.work()
    assert "EMAIL_URL" in case.notice(olu).last_error


def test_a_server_that_breaks_off_leaves_it_open(case: Case, post: Post) -> None:
    """It may have arrived: it is not sent again by itself, whoever presses the button keeps its Message-ID."""
    post.breaks_off = True
    olu = case.add("Olu")
    case.work()
    case.later(days=1)
    row = case.notice(olu)
    assert (row.state, len(post.taken)) == ("unsure", 1)
    assert row.last_error.startswith("Sending was interrupted; it may have been sent.")
    post.breaks_off = False
    deciding.again(matter_id=case.matter.pk, notice_id=row.pk, by=case.ines, now=case.now)
    case.work()
    assert [post.read(n)["Message-ID"] for n in (0, 1)] == [row.message_id] * 2
    assert case.notice(olu).state == "sent"


def test_an_answer_shows_that_it_arrived(case: Case, post: Post) -> None:
    """The mail that may have been sent was."""
    post.breaks_off = True
    olu = case.add("Olu")
    case.work()
    acknowledging.acknowledge(token=token_in(case.notice(olu).body), comment="", browser="", now=case.now)
    assert case.notice(olu).state == "acknowledged"


@pytest.mark.parametrize(("handed_over", "state", "mails"), [(False, "sent", 1), (True, "unsure", 0)])
def test_a_worker_that_died(case: Case, post: Post, handed_over: bool, state: str, mails: int) -> None:
    """Before it handed the mail over another sends it; afterwards nobody knows, and it says so."""
    olu = case.add("Olu")
    preparing.sweep(now=case.now)
    Notice.objects.update(state="claimed", claimed_at=case.now, claim="0" * 32)
    Notice.objects.update(handed_over_at=case.now if handed_over else None)
    case.later(minutes=14)
    assert case.notice(olu).state == "claimed"
    case.later(minutes=2)
    assert (case.notice(olu).state, len(post.taken)) == (state, mails)


NAMES = (
    "Olu\r\nBcc: victim@acme.example",
    "Olu\nSubject: other\n\nbody",
    "Olu\u2028Bcc: x",
    "Olu\x00\x1b[31m",
    "\u202eulO",
    "{acknowledge_link}{reason}",
    "=?utf-8?q?Bcc:_x?=",
    "<script>alert(1)</script>",
    "Zoë 🦄 " + "long " * 80,
    "   ",
)


@pytest.mark.parametrize("name", [name for name in NAMES if "\x00" not in name])
def test_names_of_strangers_do_no_harm(case: Case, post: Post, name: str) -> None:
    """One subject, one recipient, one link; a name is a line of text and nothing else."""
    case.rename("Case of " + name[:80])
    olu = case.add("x" + name, email="olu@acme.example")
    case.work()
    mail, row = post.read(), case.notice(olu)
    assert row.state == "sent"
    assert mail["To"] == "olu@acme.example"
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject") or []) == 1
    assert len(str(mail["Subject"]).splitlines()) == 1
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().count("/acknowledge/") == 1
    assert "\u202e" not in text.get_content() + str(mail["Subject"])
    assert "<script" not in html.get_content()


class Hasty(EmailBackend):
    """A mail server so near that the custodian answers before the worker has written that the mail was sent."""

    def send_messages(self, messages: list[object]) -> int:
        sent = super().send_messages(messages)
        token = token_in(messages[0].body)  # type: ignore[attr-defined]
        acknowledging.acknowledge(token=token, comment="", browser="", now=Notice.objects.get().prepared_at)
        return sent


def test_a_custodian_quicker_than_the_worker_is_heard(case: Case) -> None:
    """Both that it was sent and that it was acknowledged are kept."""
    olu = case.add("Olu")
    with override_settings(EMAIL_BACKEND=f"{__name__}.Hasty"):
        case.work()
    row = case.notice(olu)
    assert row.state == "acknowledged"
    assert row.sent_at is not None
    assert row.acknowledged_at is not None


def test_whoever_has_no_usable_address_is_said(case: Case, post: Post) -> None:
    """Zoom knows people without one; nothing is guessed, and it cannot be sent by pressing a button."""
    olu = case.add("Olu", email="not an address")
    case.work()
    row = case.notice(olu)
    assert (row.state, row.recipient) == ("failed", "")
    assert Told.objects.filter(person=case.ines, text__contains="No e-mail address").count() == 1
    with pytest.raises(Unfit, match="No e-mail address"):
        deciding.again(matter_id=case.matter.pk, notice_id=row.pk, by=case.ines, now=case.now)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_notice_once(case: Case, post: Post) -> None:
    """Both sweep and send at the same time; every custodian gets one mail."""
    for number in range(12):
        case.add(f"Custodian{number}")
    ready = threading.Barrier(2)

    def work() -> None:
        try:
            ready.wait()
            case.work()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    recipients = [str(post.read(number)["To"]) for number in range(len(post.taken))]
    assert sorted(recipients) == sorted(f"custodian{number}@acme.example" for number in range(12))
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_nothing_is_sent_that_is_wanted_no_more(case: Case, post: Post) -> None:
    """Prepared, and then the custodian was dropped before the worker came to it."""
    olu = case.add("Olu")
    preparing.sweep(now=case.now)
    type(olu).objects.filter(pk=olu.pk).update(dropped_at=case.now)
    case.now += timedelta(minutes=1)
    while sending.send_next(clock=lambda: case.now):
        pass
    assert (case.notice(olu).state, post.taken) == ("discarded", [])


def test_a_batch_takes_one_connection(case: Case, post: Post) -> None:
    """However many custodians are told."""
    for name in ("Olu", "Mira", "Tom"):
        case.add(name)
    preparing.sweep(now=case.now)
    assert sending.send_due(clock=lambda: case.now) == 3
    assert (len(post.taken), len(post.callers)) == (3, 1)


def test_a_server_that_wants_to_be_called_again_is(case: Case, post: Post) -> None:
    """Noticed before the next mail is handed over, so that none of them is in doubt."""
    post.closes_after = 2
    for name in ("Olu", "Mira", "Tom"):
        case.add(name)
    preparing.sweep(now=case.now)
    assert sending.send_due(clock=lambda: case.now) == 3
    assert len(post.callers) == 2
    assert {row.state for row in Notice.objects.all()} == {"sent"}


def test_without_a_server_a_batch_ends_with_its_first_mail(case: Case, post: Post) -> None:
    """Each try can take half a minute: the others stay as they are, and the next batch begins with another."""
    for name in ("Olu", "Mira", "Tom"):
        case.add(name)
    preparing.sweep(now=case.now)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can begin to
        with override_settings(EMAIL_PORT=silent.getsockname()[1]):
            assert sending.send_due(clock=lambda: case.now) == 1
            assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert sending.send_due(clock=lambda: case.now) == 2
    case.later(minutes=3)
    assert len(post.taken) == 3
