"""Everything that was done about a matter, in words."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive import zip_receipts
from archive.models import Account, HoldCustodian, Person
from compliance import approvals, audit, happenings, matters, membership, opening, releasing, timeline
from compliance.models import AuditEvent, Matter, ZoomMatter
from tests.archive import scenes
from tests.archive.disposition import zips
from tests.compliance.matters.conftest import NOW, draft

CONSOLE = Path(happenings.__file__).parent


def told(matter: Matter, **wanted: bool) -> list[str]:
    """The lines of the newest page, oldest first, each after who did it."""
    page = timeline.page(matter_id=matter.pk, by=None, now=NOW, **wanted)
    return [f"{line.who} {line.words.line}" for line in reversed(page.lines)]


def write(matter: Matter, action: audit.Action, details: dict[str, object], part: str = "") -> None:
    """Something is done about the matter."""
    audit.record(action=action, subject=f"matter/{matter.pk}{part}", details=details, by=None, now=NOW)


def test_it_tells_the_story_in_order(matter: Matter, people: list[Person], ines: User, ravi: User) -> None:
    """From the first click to the request to release it, with reasons."""
    opening.add(matter_id=matter.pk, person_ids=[people[3].pk], by=ines, now=NOW)
    membership.add(matter_id=matter.pk, user_id=ravi.pk, by=ines, now=NOW)
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    name = audit.name_of(ines)
    assert told(matter) == [
        f"{name} opened the matter and held Mira Lang and Tom Berg",
        f"{name} held Olu from then on",
        f"{name} made {audit.name_of(ravi)} a member",
        f"{name} asked for a second person: Release the matter “Inquiry 2026-114”",
    ]
    newest = timeline.page(matter_id=matter.pk, by=None, now=NOW).lines[0]
    assert (newest.words.why, newest.request) == ("Settled", asked.pk)


def test_looks_are_left_out_unless_wanted(matter: Matter, ines: User) -> None:
    """Reading it is an event too."""
    matters.seen(matter_id=matter.pk, by=ines, now=NOW)
    assert len(told(matter)) == 1
    assert told(matter, with_looks=True)[1:] == [
        f"{audit.name_of(ines)} looked at its matter page",
        "the system looked at its timeline page",
    ]


def test_another_matters_story_is_not_in_it(matter: Matter) -> None:
    """Matter 1 is not matter 10, whatever their numbers begin with."""
    audit.record(action=audit.Action.HELD, subject=f"matter/{matter.pk}0", by=None, now=NOW)
    audit.record(action=audit.Action.FOUND, subject=f"matter/{matter.pk}0/health", by=None, now=NOW)
    assert len(told(matter)) == 1


@pytest.mark.parametrize(
    ("action", "details", "words"),
    [
        ("held_at_zoom", {"custodians": ["A", "B"], "name": "X [HF 1.1]"}, "placed the hold of A and B at Zoom, as X [HF"),
        ("released_at_zoom", {"name": "X", "was_gone_already": True}, "ended X at Zoom, where it was gone already"),
        ("refused", {"by": "Zoom", "reason": "gone", "custodians": ["A"]}, "could not have Zoom hold A"),
        ("refused", {"wanted": "open matters"}, "was refused to open matters"),
        ("dropped", {"custodians": ["A"], "destroyable": {"messages": 1200, "files": 3}}, "dropped A; what is held by nothing else: 1,200"),
        ("found", {"kind": "matter_missing", "of": "z"}, "found: matter missing at Zoom"),
        ("dealt_with", {"kind": "left", "reason": "Moved"}, "wrote what was done about: custodian left"),
        ("sent", {"kind": "escalation", "channel": "mail", "to": "x@y", "custodian": 0}, "sent an escalation about a cust"),
        ("changed", {"notices": {"at_once": True}}, "changed how custodians are told: at once"),
        ("held", {"custodians": [{"name": str(n)} for n in range(15)]}, "10, 11 and 3 more from then on"),
        ("held", {"custodians": 7}, "held more people in matter/"),
        ("looked", {"at": "Zoom"}, "had Zoom asked what its holds depend on"),
        ("renamed", {"from": "A", "to": "B", "reason": "x"}, "renamed the matter from “A” to “B”"),
        ("renamed_at_zoom", {"from": "A [HF 1.1]", "to": "B [HF 1.1]"}, "had Zoom call “B [HF 1.1]” what"),
        ("refused", {"by": "Zoom", "renaming": "B", "reason": "gone"}, "could not have Zoom call it B"),
        ("started", {"names_asked_again": ["B"]}, "asked Zoom again for the name B"),
        ("saved", {}, "saved matter/"),
    ],
)  # fmt: skip
def test_each_event_has_its_words(
    matter: Matter, action: str, details: dict[str, object], words: str
) -> None:
    """Those that nobody thought of have the trail's own."""
    write(matter, AuditEvent.Action(action), details)
    assert words in told(matter, with_looks=True)[-1]


def test_a_page_says_where_the_next_begins(client: Client, matter: Matter, ines: User) -> None:
    """A hundred and fifty events are two pages, and none is left out."""
    for _ in range(150):
        write(matter, audit.Action.STARTED, {"what": "counting"})
    first = timeline.page(matter_id=matter.pk, by=ines, now=NOW)
    rest = timeline.page(matter_id=matter.pk, before=first.older, by=ines, now=NOW)
    assert (first.total, len(first.lines), len(rest.lines), rest.older) == (151, 100, 51, None)
    client.force_login(ines)
    assert f"before={first.older[0]}-0" in client.get(f"/matters/{matter.pk}/timeline/").content.decode()


def test_it_is_for_members(matter: Matter, ravi: User) -> None:
    """To Ravi the matter does not exist."""
    with pytest.raises(matters.NoSuchMatter):
        timeline.page(matter_id=matter.pk, by=ravi, now=NOW)


def test_nothing_that_services_write_is_without_words() -> None:
    """Every action and part that the modules about matters and requests name is in the tables."""
    modules = [
        CONSOLE / f"{name}.py" for name in ("placing", "opening", "releasing", "membership", "tallying")
    ]
    modules += [*CONSOLE.glob("health/*.py"), *CONSOLE.glob("notices/*.py")]
    modules.remove(CONSOLE / "notices" / "wordings.py")
    source = "".join(path.read_text() for path in modules)
    named = {audit.Action[name] for name in re.findall(r"audit\.Action\.([A-Z_]+)", source)}
    assert len(named) > 15
    assert named - set(happenings._OF_MATTERS) == set()
    source = "".join(path.read_text() for path in CONSOLE.glob("approvals/*.py"))
    named = {audit.Action[name] for name in re.findall(r"audit\.Action\.([A-Z_]+)", source)}
    assert named - set(happenings._OF_REQUESTS) == set()
    everything = "".join(path.read_text() for path in CONSOLE.rglob("*.py"))
    parts = set(re.findall(r'"matter/\{[^}"]+\}/(\w+)"', everything))
    assert parts == set(timeline.PARTS)


def test_what_became_destroyable_is_told(client: Client, matter: Matter, ines: User) -> None:
    """On the released matter's page and in its timeline, as it was counted when the holds ended."""
    nora = User.objects.create_user("nora")
    nora.groups.add(*ines.groups.all())
    membership.add(matter_id=matter.pk, user_id=nora.pk, by=ines, now=NOW)
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    approvals.carry_out_due(clock=lambda: NOW + timedelta(days=2))
    client.force_login(ines)
    said = client.get(f"/matters/{matter.pk}/").content.decode()
    assert "<strong>0 messages</strong> and 0 files in 0 sessions became destroyable" in said
    assert any("held by nothing else: 0 messages and 0 files" in line for line in told(matter))


@pytest.fixture
def zipped(matter: Matter, account: Account) -> list[int]:
    """Zoom made three zips of Mira's for the matter, which came on 20 November."""
    ZoomMatter.objects.filter(matter=matter).update(zoom_id="zm-1", state="held")
    came = [
        zips.bring(account, zips.packed([("s1", f"m{n}", "words")]), file_key=f"key-{n}").pk for n in range(3)
    ]
    HoldCustodian.objects.update(person=Person.objects.get(user_id="u-mira"))
    return came


def test_a_zip_that_came_is_a_line(client: Client, matter: Matter, zipped: list[int], ines: User) -> None:
    """By the system, with whose it is, its size and its digest, from the receipt in the log; counted in the total."""
    page = timeline.page(matter_id=matter.pk, by=ines, now=NOW)
    assert (page.total, len(page.lines)) == (4, 4)
    newest = page.lines[0]
    assert (newest.who, newest.event, newest.at) == ("the system", None, scenes.NOW)
    assert newest.words.line.startswith(f"brought zip {zipped[2]} of Mira Lang from Zoom of 2026-11-")
    client.force_login(ines)
    said = client.get(f"/matters/{matter.pk}/timeline/").content.decode()
    assert f"brought zip {zipped[0]} of Mira Lang" in said


def test_what_came_differently_says_so(matter: Matter, zipped: list[int]) -> None:
    """Zoom had said another size than came."""
    receipt = zip_receipts.newest(["zm-1"], account_id=matter.account_id, before=None, limit=1)[0]
    words = happenings.received(replace(receipt, size_claimed=9), name="Mira Lang")
    assert words.why == f"Zoom had said 9 bytes, and {receipt.size} came"


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=300)])
def test_pages_have_each_event_and_each_zip_once(
    matter: Matter, zipped: list[int], ines: User, later: timedelta
) -> None:
    """Whether the hundred and fifty events were before the zips or after them."""
    for _ in range(150):
        audit.record(
            action=audit.Action.STARTED,
            subject=f"matter/{matter.pk}",
            details={"what": "x"},
            by=None,
            now=NOW + later,
        )
    before, lines = timeline.NEWEST, []
    while before is not None:
        page = timeline.page(matter_id=matter.pk, before=before, by=ines, now=NOW)
        assert page.total == 154
        lines += page.lines
        before = page.older
    assert len(lines) == 154
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert len([line for line in lines if "brought zip" in line.words.line]) == 3


def test_the_zips_of_another_matter_are_not_in_it(
    matter: Matter, zipped: list[int], account: Account, people: list[Person], ines: User
) -> None:
    """Each matter has its own matters at Zoom."""
    other = opening.open_matter(draft(account, people[:1], name="Other"), by=ines, now=NOW)
    ZoomMatter.objects.filter(matter=other).update(zoom_id="zm-2", state="held")
    assert timeline.page(matter_id=other.pk, by=ines, now=NOW).total == 1
