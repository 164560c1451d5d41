"""The templates of notices: what may be left open, who brings a version into force, and that none ever changes."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from compliance import approvals
from compliance.models import Notice, NoticeKind, Wording
from compliance.notices import deciding, placeholders, reading, rendering, wordings
from compliance.notices.plans import Unfit
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.notices.conftest import NOW, Case

pytestmark = pytest.mark.django_db
LINK = "{acknowledge_link}"


@pytest.fixture
def mei(db: None) -> User:
    """Mei approves."""
    return cast.person(Role.RECORDS_MANAGER)


def write(by: User, body: str = f"Keep it. {LINK}", subject: str = "Keep", kind: str = "hold") -> Wording:
    return wordings.write(kind=NoticeKind(kind), subject=subject, body=body, by=by, now=NOW)


def bring_into_force(wording: Wording, *, by: User, approver: User, case: Case) -> None:
    """Asked, approved and carried out."""
    asked = wordings.ask(wording_id=wording.pk, reason="Shorter.", by=by, now=case.now)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=approver, now=case.now)
    approvals.carry_out_due(clock=lambda: case.now)
    wording.refresh_from_db()


@pytest.mark.parametrize(
    ("kind", "subject", "body", "words"),
    [
        (
            "hold",
            "Keep",
            f"{{custodain}} {LINK}",
            r"“\{custodain\}” is not a placeholder. There are \{custodian\}",
        ),
        ("hold", "Keep", f"{{ custodian }} {LINK}", "is not a placeholder"),
        ("hold", "Keep", f"{{}} {LINK}", "is not a placeholder"),
        ("hold", "Keep", f"{{custodian.__class__}} {LINK}", "is not a placeholder"),
        ("hold", "{whose}", LINK, r"“\{whose\}”"),
        ("hold", "Keep", "no link", "needs “{acknowledge_link}”"),
        ("reminder", "Keep", "no link", "needs “{acknowledge_link}”"),
        ("escalation", "Keep", LINK, "cannot stand in an escalation"),
        ("release", "Keep", LINK, "cannot stand in a release notice"),
        ("hold", "Keep", f"{{first_sent}} {LINK}", "nothing was sent before it"),
        ("hold", LINK, LINK, "not into the subject"),
        ("hold", "Keep\nBcc: x", LINK, "one line"),
        ("hold", "", LINK, "needs a subject"),
        ("hold", "Keep", "x" * 8_001 + LINK, "at most"),
    ],
)
def test_what_cannot_be_filled_in_is_named(
    ines: User, kind: str, subject: str, body: str, words: str
) -> None:
    """When it is written, not when it is sent."""
    with pytest.raises(placeholders.UnfitWording, match=words):
        write(ines, body, subject, kind)
    assert Wording.objects.filter(made_by=ines).count() == 0


def test_a_version_comes_into_force_by_a_second_person(case: Case, mei: User) -> None:
    """Until then the one before is sent; afterwards the new one; what was sent stays."""
    olu = case.add("Olu")
    case.work()
    sent = case.notice(olu)
    draft = write(case.ines, f"Dear {{custodian}}, keep it. {LINK}")
    asked = wordings.ask(wording_id=draft.pk, reason="Shorter.", by=case.ines, now=case.now)
    zoe = case.add("Zoe")
    case.work()
    assert case.notice(zoe).wording.number == 1
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=mei, now=case.now)
    approvals.carry_out_due(clock=lambda: case.now)
    draft.refresh_from_db()
    assert (draft.approved_by, draft.in_force_from) == (mei, case.now)
    tom = case.add("Tom")
    case.work()
    assert case.notice(tom).body.startswith("Dear Tom, keep it.")
    assert case.notice(olu).body == sent.body


def test_nobody_approves_their_own(case: Case, mei: User) -> None:
    """Neither by asking and approving, nor by letting another ask, nor in the database."""
    draft = write(case.ines)
    asked = wordings.ask(wording_id=draft.pk, reason="Mine.", by=case.ines, now=NOW)
    with pytest.raises((PermissionDenied, approvals.Obstacle)):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=case.ines, now=NOW)
    other = User.objects.create_user("zoe", "zoe@example.test", "x")
    other.groups.set(case.ines.groups.all())
    with pytest.raises(approvals.Obstacle, match="Only its author"):
        wordings.ask(wording_id=draft.pk, reason="Theirs.", by=other, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.filter(pk=draft.pk).update(
            approved_by=case.ines, approved_by_name="Ines", in_force_from=NOW
        )


def test_a_version_never_changes(case: Case, mei: User) -> None:
    """A draft keeps its text, an approval its moment, and none goes."""
    draft = write(case.ines)
    with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
        Wording.objects.filter(pk=draft.pk).update(body="other")
    bring_into_force(draft, by=case.ines, approver=mei, case=case)
    assert rendering.in_force(NoticeKind.HOLD) == draft
    with pytest.raises(DatabaseError, match="evidence"), transaction.atomic():
        Wording.objects.filter(pk=draft.pk).update(in_force_from=None, approved_by=None, approved_by_name="")
    with pytest.raises(DatabaseError), transaction.atomic():
        Wording.objects.all()._raw_delete("default")


def test_what_waits_to_be_reviewed_is_prepared_anew(case: Case, mei: User) -> None:
    """Nobody sends an old wording by having looked at it before."""
    case.plan(at_once=False)
    olu = case.add("Olu")
    case.work()
    old = case.notice(olu)
    bring_into_force(write(case.ines), by=case.ines, approver=mei, case=case)
    with pytest.raises(Unfit, match="prepared anew"):
        deciding.send(matter_id=case.matter.pk, notice_id=old.pk, by=case.ines, now=case.now)
    case.work()
    new = case.notice(olu)
    assert (new.state, new.body.startswith("Keep it.")) == ("review", True)
    old.refresh_from_db()
    assert (old.state, old.last_error) == ("discarded", "Not sent: the wording has changed.")
    deciding.send(matter_id=case.matter.pk, by=case.ines, now=case.now)
    case.work()
    assert case.mails(olu.email)[0].body == new.body


def test_what_was_reviewed_is_what_is_sent(case: Case) -> None:
    """The matter's name changes in between, the text does not."""
    case.plan(at_once=False)
    olu = case.add("Olu")
    case.work()
    reviewed = reading.one(
        matter_id=case.matter.pk, notice_id=case.notice(olu).pk, by=case.ines, now=case.now
    )
    case.rename("Another name")
    deciding.send(matter_id=case.matter.pk, by=case.ines, now=case.now)
    case.work()
    sent = case.mails(olu.email)[0]
    assert reviewed.is_intact
    assert "Inquiry 2026-114" in str(sent.body)


def test_a_discarded_notice_stays_discarded(case: Case) -> None:
    """With its reason, and nothing is prepared in its place by itself; a new one can be sent."""
    case.plan(at_once=False)
    olu = case.add("Olu")
    case.work()
    row = case.notice(olu)
    deciding.discard(
        matter_id=case.matter.pk, notice_id=row.pk, why="Told in person.", by=case.ines, now=case.now
    )
    case.later(days=1)
    assert [(one.state, one.last_error) for one in Notice.objects.all()] == [
        ("discarded", "Not sent: Told in person.")
    ]
    deciding.resend(
        matter_id=case.matter.pk, custodian_id=olu.pk, why="In writing too.", by=case.ines, now=case.now
    )
    case.work()
    assert len(case.mails(olu.email)) == 1


def test_what_differs_is_shown(case: Case) -> None:
    """Against the version before."""
    first = rendering.in_force(NoticeKind.RELEASE)
    draft = write(case.ines, first.body.replace("over", "ended"), first.subject, "release")
    seen = wordings.seen(wording_id=draft.pk, by=case.ines, now=NOW)
    assert {change.text for change in seen.body_changes if change.kind == "added"} == {"ended"}
    assert seen.may_ask


def test_the_preview_has_real_values_and_no_real_link(case: Case) -> None:
    """Those of the newest matter the person is a member of."""
    case.add("Olu")
    row = rendering.in_force(NoticeKind.HOLD)
    subject, body, whose = reading.example(wording_id=row.pk, matter_id=None, by=case.ines)
    assert (subject, whose) == ("Please keep records: Inquiry 2026-114", "Inquiry 2026-114")
    assert "Dear Olu" in body
    assert "/acknowledge/…/" in body


def test_the_wordings_that_come_with_holdfast_can_be_filled_in() -> None:
    """Each keeps to the rules for those written here."""
    for row in Wording.objects.filter(number=1):
        placeholders.check(NoticeKind(row.kind), subject=row.subject, body=row.body)
    assert set(Wording.objects.values_list("kind", flat=True)) == set(NoticeKind.values)
