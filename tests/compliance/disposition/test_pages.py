"""The pages of disposition: what they say in each state, and what they cost."""

import hashlib
import io
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from archive import log, verify
from archive.models import Account, Message
from compliance import approvals
from compliance.disposition import executing, gathering, looking
from compliance.models import AuditEvent, Disposition, Erasure, Request
from tests.archive import scenes
from tests.archive.packages.test_pdf import words as printed
from tests.compliance import world
from tests.compliance.approvals.shelf import third_officer
from tests.compliance.conftest import As
from tests.compliance.test_pages import cost

BUDGETS = {
    "/disposition/": 21,  # one of them only when it is long since a day was captured
    "/disposition/{disposition}/": 32,
    "/disposition/rules/": 20,
    "/disposition/rules/{rule}/": 22,
    "/disposition/erasures/": 20,
    "/disposition/erasures/take/?find=a": 20,
    "/disposition/erasures/{erasure}/": 30,
}


def words(html: bytes) -> str:
    return " ".join(html.decode().split())


def test_a_disposition_from_the_button_to_its_end(
    account: Account, mei: User, ines: User, as_person: As
) -> None:
    """Put together, looked at, made smaller, asked for, approved, destroyed: each page says what is next."""
    world.keeping_rule(amount=1, unit="days")
    browser, officer = as_person(mei), as_person(ines)
    assert "Nothing was ever put together" in words(browser.get("/disposition/").content)
    begun = browser.post("/disposition/start/", {"account": account.pk})
    address = begun["Location"]
    assert "Putting together what is due" in words(browser.get(address).content)
    gathering.carry_out_next(clock=timezone.now)
    row = Disposition.objects.get()
    assert row.messages == Message.objects.count()
    page = words(browser.get(address).content)
    assert f"Ask to destroy {row.messages} messages…" in page
    one = world.message("reply").pk
    browser.post(f"{address}take-out/", {"message": one, "reason": "It is quoted in the minutes."})
    assert f"Ask to destroy {row.messages - 1} messages…" in words(browser.get(address).content)
    refused = browser.post(f"{address}ask/", {"typed": "no", "reason": "x"}, follow=True)
    assert "type “destroy” to confirm" in words(refused.content)
    asked = browser.post(f"{address}ask/", {"typed": "destroy", "reason": "It is due."})
    assert asked["Location"].startswith("/approvals/")
    digest = Request.objects.get().digest
    seen = words(officer.get(asked["Location"]).content)
    assert "Type <strong>destroy</strong>" in seen
    for each in (officer, as_person(third_officer())):
        each.post(f"{asked['Location']}approve/", {"digest": digest, "typed": "destroy"})
    approvals.carry_out_due(clock=lambda: timezone.now() + timedelta(days=4))
    assert "Destroying what was approved" in words(browser.get(address).content)
    while executing.carry_out_next(clock=lambda: timezone.now() + timedelta(days=4)):
        pass
    page = words(browser.get(address).content)
    assert f"{row.messages - 1} of {row.messages - 1} messages are destroyed" in page
    assert "Ines Moreau (ines)" in page
    for form in ("certificate/", "certificate/pdf/"):
        assert "signed every hour" in words(browser.get(f"{address}{form}", follow=True).content)
    log.checkpoint(now=timezone.now() + timedelta(days=5))
    taken = b"".join(browser.get(f"{address}certificate/").streaming_content)  # type: ignore[attr-defined]
    found = verify.certificate(io.BytesIO(taken))
    assert found.certificate["messages"] == row.messages - 1
    stated = found.certificate["statement"]
    assert [one["by"] for one in stated["approved"]] == ["Ines Moreau (ines)", "Olga Reyes (olga)"]
    assert stated["rules"][0]["law"] == "Policy 7 of 2026"
    assert stated["put_together"]["taken_out"] == 1
    paper = browser.get(f"{address}certificate/pdf/")
    assert paper["Content-Disposition"] == f'attachment; filename="disposition-{row.pk}-certificate.pdf"'
    assert f"Certificate of destruction {row.pk}" in printed(paper.content)
    assert "Policy 7 of 2026" in printed(paper.content)
    event = AuditEvent.objects.filter(subject=f"disposition/{row.pk}").latest("pk")
    assert (event.action, event.details["form"]) == ("downloaded", "pdf")
    assert event.details["sha256"] == hashlib.sha256(paper.content).hexdigest()
    assert browser.get(f"{address}progress/")["HX-Refresh"] == "true"


def test_no_page_costs_more_for_more_sessions(account: Account, mei: User, as_person: As) -> None:
    """The same queries for two sessions and for twenty, within each page's budget."""
    client = as_person(mei)
    rule, erasure = world.keeping_rule(amount=1, unit="days"), world.erasure()
    looking.look_next(clock=timezone.now)

    def costs() -> dict[str, int]:
        Disposition.objects.filter(state="review").update(state="discarded")
        row = gathering.start(account_id=account.pk, by=mei, now=timezone.now())
        gathering.carry_out_next(clock=timezone.now)
        return {
            address: cost(client, address.format(disposition=row.pk, rule=rule.pk, erasure=erasure.pk))
            for address in BUDGETS
        }

    few = costs()
    for number in range(18):
        window = scenes.conversation(f"more{number}", of=account)
        world.captured(window, [scenes.said("plain", id=f"{number}-{n}", minute=n) for n in range(5)])
        world.keeping_rule(name=f"Rule {number}", named=f"x{number}*", is_duty=True)
        world.erasure()
    Erasure.objects.update(not_before=scenes.NOW)
    while looking.look_next(clock=timezone.now):
        pass
    many = costs()
    assert many == few
    assert {address: n for address, n in few.items() if n > BUDGETS[address]} == {}
