"""A custodian reads their mail, opens the link without an account and acknowledges; the officer sees it."""

import email
import email.policy
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from archive.models import Account, Person
from compliance import opening
from compliance.models import Matter, Notice, Wording
from compliance.notices import deciding, plans, preparing, sending
from tests.browser.accessibility import faults, flaws
from tests.browser.conftest import Open, Picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def work() -> None:
    """What the worker does every minute."""
    preparing.sweep(now=timezone.now())
    while sending.send_next(clock=timezone.now):
        pass


def opened(names: tuple[str, ...] = ("Olu Outside", "Zoe Newcome", "Tom <b>Bold</b>")) -> Matter:
    """Ines opens a matter with three custodians."""
    ines, account, now = User.objects.get(username="ines"), Account.objects.get(), timezone.now()
    people = [
        Person.objects.create(
            account=account, member_id=name, user_id=name, display_name=name,
            email=f"{name.split()[0].lower()}@acme.example",
        )
        for name in names
    ]  # fmt: skip
    draft = opening.Draft(
        request_key=uuid.uuid4(),
        account_id=account.pk,
        name="SEC inquiry 2026-114",
        reason="Letter of the SEC of 1 March 2026",
        at_zoom=False,
        person_ids=[person.pk for person in people],
    )
    return opening.open_matter(draft, by=ines, now=now)


def mail_to(folder: Path, address: str) -> email.message.EmailMessage:
    """The mail to an address, from the folder that mails are written into."""
    for file in sorted(folder.iterdir()):
        for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            if mail["To"] == address:
                return mail  # type: ignore[return-value]
    raise AssertionError(f"no mail to {address}")


def test_a_custodian_acknowledges_a_notice_from_the_mail(
    visit: Open, live_server: LiveServer, archive: dict[str, int], tmp_path: Path, picture: Picture
) -> None:
    """Reviewed, sent, read, acknowledged once with a question, and seen."""
    folder, backend = tmp_path / "mail", "django.core.mail.backends.filebased.EmailBackend"
    with override_settings(HOLDFAST_URL=live_server.url, EMAIL_BACKEND=backend, EMAIL_FILE_PATH=str(folder)):
        matter = opened()
        work()
        officer = visit(f"/matters/{matter.pk}/notices/")
        assert "waits to be reviewed" in officer.locator("main").inner_text()
        officer.click("text=Send notices to 3 custodians")
        work()
        text = mail_to(folder, "olu@acme.example").get_body(("plain",))
        assert text is not None
        link = re.search(rf"{re.escape(live_server.url)}/acknowledge/\S+", text.get_content())
        assert link is not None
        custodian = visit(link[0].removeprefix(live_server.url), by=None)
        assert custodian.locator("h1").inner_text() == "Please keep records: SEC inquiry 2026-114"
        assert custodian.locator(".rail").count() == 0
        assert faults(custodian) == []
        picture(custodian, "notice")
        custodian.fill("#comment", "Does this cover paper?")
        custodian.click("text=I have read this and will keep what it asks for")
        custodian.wait_for_selector("text=You acknowledged this notice")
        assert custodian.locator("button").count() == 0
        custodian.reload()
        assert "You acknowledged this notice" in custodian.locator("main").inner_text()
        officer.reload()
        assert "1 of 3 custodians acknowledged" in officer.locator(".answer").inner_text()
        picture(officer, "notices")
        officer.click("text=with a comment")
        assert officer.locator("blockquote").inner_text() == "Does this cover paper?"


def test_it_works_without_scripts(visit: Open, live_server: LiveServer, archive: dict[str, int]) -> None:
    """A custodian's browser may be any."""
    with override_settings(HOLDFAST_URL=live_server.url):
        plans_of(opened())
        work()
        body = Notice.objects.filter(custodian__name="Olu Outside").get().body
        page = visit(body[body.index("/acknowledge/") :].split()[0], by=None, scripts=False)
        page.click("button.primary")
        assert "You acknowledged this notice" in page.locator("main").inner_text()


def plans_of(matter: Matter) -> None:
    """Notices go out at once."""
    ines = User.objects.get(username="ines")
    plans.change(matter_id=matter.pk, by=ines, now=timezone.now(), at_once=True)


def test_the_pages_of_notices_are_accessible(visit: Open, archive: dict[str, int]) -> None:
    """In every state a notice can have; nothing for axe to find, nothing to scroll sideways."""
    matter, ines = opened(), User.objects.get(username="ines")
    work()
    first, second, third = Notice.objects.order_by("pk")
    deciding.send(matter_id=matter.pk, notice_id=first.pk, by=ines, now=timezone.now())
    work()
    Notice.objects.filter(pk=second.pk).update(state="due")
    Notice.objects.filter(pk=second.pk).update(state="claimed")
    Notice.objects.filter(pk=second.pk).update(state="unsure", last_error="It broke off.")
    wording = Wording.objects.filter(kind="hold").latest("pk")
    start = f"/matters/{matter.pk}/notices/"
    page = visit(start)
    home = page.url.removesuffix(start)
    addresses = [start, *(f"{start}{one.pk}/" for one in (first, second, third))]
    addresses += [
        f"{start}of/{first.custodian_id}/",
        "/notices/templates/",
        f"/notices/templates/{wording.pk}/",
    ]
    addresses += ["/notices/templates/hold/write/", "/acknowledge/nonsense/"]
    problems: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(home + address)
        for summary in page.locator("main details:not([open]) > summary").all():
            summary.click()
        if found := flaws(page):
            problems[address] = found
    assert problems == {}
