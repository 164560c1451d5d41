"""The pages of notices: who may open and do what, what they cost, and what they say."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from compliance.models import MatterMember, Notice, Wording
from compliance.notices import preparing
from compliance.permissions import MATRIX, Action, Role
from tests.compliance import cast
from tests.compliance.conftest import As
from tests.compliance.notices.conftest import Case, link_in
from tests.compliance.test_pages import cost

pytestmark = pytest.mark.django_db

LOOKS = (
    "/matters/{matter}/notices/",
    "/matters/{matter}/notices/of/{custodian}/",
    "/matters/{matter}/notices/{notice}/",
)
DEEDS = {
    "/matters/{matter}/notices/plan/": {
        "at_once": "no", "way": "mail", "remind_after_days": 1, "reminders": 1, "escalate_after_days": 1,
    },
    "/matters/{matter}/notices/send/": {},
    "/matters/{matter}/notices/of/{custodian}/resend/": {"why": "x"},
    "/matters/{matter}/notices/of/{custodian}/superior/": {"name": "T", "email": "t@acme.example"},
    "/matters/{matter}/notices/{notice}/decide/": {"do": "send"},
}  # fmt: skip
BUDGETS = {
    LOOKS[0]: 30,
    LOOKS[1]: 30,
    LOOKS[2]: 30,
    "/notices/templates/": 24,
    "/notices/templates/{wording}/": 30,
}


@pytest.fixture
def named(case: Case) -> dict[str, int]:
    """The keys of a matter with one custodian whose notice waits to be reviewed."""
    case.plan(at_once=False)
    olu = case.add("Olu")
    preparing.sweep(now=case.now)
    wording = Wording.objects.filter(kind="hold").latest("pk")
    return {
        "matter": case.matter.pk,
        "custodian": olu.pk,
        "notice": case.notice(olu).pk,
        "wording": wording.pk,
    }


@pytest.mark.parametrize("is_member", [True, False])
@pytest.mark.parametrize("role", [*Role, None])
def test_a_member_looks_and_does_what_their_role_allows(
    role: Role | None, is_member: bool, case: Case, named: dict[str, int], as_person: As
) -> None:
    """Whoever is no member finds nothing there, whatever their role."""
    someone = User.objects.get(username="ines") if role is Role.COMPLIANCE_OFFICER else cast.person(role)
    MatterMember.objects.filter(user=someone).update(removed_at=case.now)
    if is_member:
        MatterMember.objects.create(matter=case.matter, user=someone, added_at=case.now, added_by_name="x")
    client, allowed = as_person(someone), MATRIX[role] if role is not None else frozenset()
    before = list(Notice.objects.values_list("pk", "state"))
    for address in LOOKS:
        seen = 403 if Action.SEE_MATTER not in allowed else 200 if is_member else 404
        assert client.get(address.format(**named)).status_code == seen, (role, address)
    for address, given in DEEDS.items():
        expected = 302 if is_member and Action.CHANGE_MATTER in allowed else 404
        if Action.SEE_MATTER not in allowed or (is_member and Action.CHANGE_MATTER not in allowed):
            expected = 403
        assert client.post(address.format(**named), given).status_code == expected, (role, address)
    if not (is_member and Action.CHANGE_MATTER in allowed):
        assert list(Notice.objects.values_list("pk", "state")) == before


def test_what_belongs_to_another_matter_is_not_there(
    case: Case, named: dict[str, int], ines: User, as_person: As
) -> None:
    """A notice's number in the address of one's own matter opens nothing of others."""
    client = as_person(ines)
    for address in (*LOOKS[1:], *list(DEEDS)[2:]):
        wrong = {**named, "custodian": 10**9, "notice": 10**9}
        given = DEEDS.get(address)
        answer = (
            client.get(address.format(**wrong))
            if given is None
            else client.post(address.format(**wrong), given)
        )
        assert answer.status_code in (404, 302)
        if answer.status_code == 302:
            assert Notice.objects.exclude(state="review").count() == 0


def test_no_page_costs_more_for_more_custodians(
    case: Case, named: dict[str, int], ines: User, as_person: As
) -> None:
    """The same number of queries for one custodian and for thirty."""
    client = as_person(ines)
    few = {address: cost(client, address.format(**named)) for address in BUDGETS}
    for number in range(30):
        case.add(f"Custodian{number}")
    case.plan(at_once=True)
    case.work()
    case.later(days=4)
    case.later(days=20)
    many = {address: cost(client, address.format(**named)) for address in BUDGETS}
    assert many == few
    assert {address: n for address, n in few.items() if n > BUDGETS[address]} == {}


def test_a_long_list_is_paged(case: Case, ines: User, as_person: As) -> None:
    """Fifty on a page, everyone on some page, once."""
    for number in range(60):
        case.add(f"Custodian{number:02}")
    preparing.sweep(now=case.now)
    client = as_person(ines)
    first = client.get(f"/matters/{case.matter.pk}/notices/").content.decode()
    key = first.partition("?after=")[2].partition('"')[0]
    second = client.get(f"/matters/{case.matter.pk}/notices/?after={key}").content.decode()
    names = [f"Custodian{number:02}" for number in range(60)]
    assert [name for name in names if f">{name}<" in first] == names[:50]
    assert [name for name in names if f">{name}<" in second] == names[50:]


def test_the_page_says_how_far_they_are_told(case: Case, ines: User, as_person: As) -> None:
    """Counts in one sentence, and what comes next."""
    case.add("Olu")
    client = as_person(ines)
    address = f"/matters/{case.matter.pk}/notices/"
    assert "being prepared" in client.get(address).content.decode()
    case.work()
    html = client.get(address).content.decode()
    assert "0 of 1" in html
    assert "reminder 1 of 3" in html
    assert "sent, not acknowledged" in html


def test_a_wording_is_written_on_the_page(ines: User, as_person: As) -> None:
    """The error names what is not a placeholder and keeps what was typed; then it is kept as a draft."""
    client: Client = as_person(ines)
    address = "/notices/templates/hold/write/"
    bad = client.post(address, {"kind": "hold", "subject": "Keep", "body": "{custodain} {acknowledge_link}"})
    assert bad.status_code == 422
    assert "“{custodain}” is not a placeholder" in bad.content.decode()
    assert "{custodain} {acknowledge_link}" in bad.content.decode()
    good = client.post(address, {"kind": "hold", "subject": "Keep", "body": "{custodian} {acknowledge_link}"})
    page = client.get(good["Location"]).content.decode()
    assert "Ask for approval" in page
    asked = client.post(good["Location"] + "ask/", {"reason": "Shorter"})
    assert asked.status_code == 302
    assert "waits for approval" in client.get(good["Location"]).content.decode()


def test_strangers_words_are_words(case: Case, ines: User, as_person: As) -> None:
    """A name and a comment that would like to be more."""
    olu = case.add("<script>1</script>\u202eulO", email="olu@acme.example")
    case.work()
    row = case.notice(olu)
    Notice.objects.filter(pk=row.pk).update(
        state="acknowledged", acknowledged_at=case.now, comment="<img src=x>\u202e", acknowledged_with="<b>"
    )
    client = as_person(ines)
    for address in LOOKS:
        html = client.get(
            address.format(matter=case.matter.pk, custodian=olu.pk, notice=row.pk)
        ).content.decode()
        assert "<script>1" not in html
        assert "<img src=x" not in html
        assert "\u202e" not in html


def test_whoever_has_not_answered_is_found(case: Case, client: Client) -> None:
    """The sentence about them leads to them; to nobody when none is left."""
    client.force_login(case.ines)
    olu, _ = case.add("Olu"), case.add("Mira")
    case.work()
    address = f"/matters/{case.matter.pk}/notices/"
    assert 'href="?show=outstanding">2 have been told' in client.get(address).content.decode()
    client.post(link_in(str(case.mails(olu.email)[0].body)))
    said = client.get(f"{address}?show=outstanding").content.decode()
    rows = said.split("<tbody>")[1].split("</tbody>")[0]
    assert "Mira" in rows
    assert "Olu" not in rows
    assert "Nobody." in client.get(f"{address}?show=untold").content.decode()
