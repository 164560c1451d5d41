"""The pages of matters: what they say, what they ask of the database, and choosing people without a script."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Account, GroupMember, PeopleGroup, Person
from compliance import opening
from compliance.models import AuditEvent, Custodian, Matter, MatterMember, ZoomMatter
from tests.compliance.matters.conftest import NOW, draft


@pytest.fixture
def page(client: Client, ines: User) -> Client:
    """Ines' browser."""
    client.force_login(ines)
    return client


def fields(account: Account, **columns: object) -> dict[str, object]:
    """The form for a new matter, filled in."""
    return {
        "request_key": str(uuid.uuid4()),
        "account": account.pk,
        "name": "Inquiry 2026-114",
        "reason": "Letter",
        "covers_received": "on",
        "at_zoom": "on",
        **columns,
    }


def test_an_empty_list_says_what_to_do(page: Client, ravi: User, client: Client) -> None:
    """An officer is led to open one; a reviewer is told who does."""
    assert "Open a matter" in page.get("/matters/").content.decode()
    client.force_login(ravi)
    said = client.get("/matters/").content.decode()
    assert "compliance officer opens matters" in said
    assert 'href="/matters/open/"' not in said


def test_a_matter_is_looked_over_and_then_placed(
    page: Client, account: Account, people: list[Person]
) -> None:
    """Names are found, ticked, shown once more, and held; sent twice it is one matter."""
    found = page.get(f"/matters/people/?find=lang+mira&account={account.pk}").content.decode()
    assert found.count('name="person"') == 2
    kept = page.get(
        f"/matters/people/?find=nobody&account={account.pk}&person={people[3].pk}"
    ).content.decode()
    assert f'value="{people[3].pk}" id="found-person-{people[3].pk}" checked>' in kept
    assert ("1 ticked here" in kept, "Nobody is called “nobody”" in kept) == (True, True)
    filled = fields(account, person=[people[0].pk, people[3].pk])
    shown = page.post("/matters/open/", filled | {"do": "preview"}).content.decode()
    assert "Open the matter and hold 2 people" in shown
    assert "Held here only:" in shown
    assert "where and while they took part, at any time." in shown
    assert not Matter.objects.exists()
    for _ in range(2):
        placed = page.post("/matters/open/", filled | {"do": "place", "seen": seen(shown)})
    assert placed["Location"] == f"/matters/{Matter.objects.get().pk}/"
    said = page.get(placed["Location"]).content.decode()
    assert "<strong>2 custodians</strong>" in said
    assert "1 is no user there" in said


def seen(shown: str) -> str:
    """What a preview says it showed, as its form sends it back."""
    return shown.split('name="seen" value="')[1].split('"')[0]


def test_what_changed_since_it_was_looked_over_is_shown_again(
    page: Client, account: Account, people: list[Person]
) -> None:
    """One more person ticked, or a box unticked, after the preview: nothing is held before it was seen."""
    filled = fields(account, person=[people[0].pk])
    looked = seen(page.post("/matters/open/", filled | {"do": "preview"}).content.decode())
    for changed in ({"person": [people[0].pk, people[1].pk]}, {"at_zoom": ""}, {"name": "Inquiry 115"}):
        answer = page.post("/matters/open/", filled | changed | {"do": "place", "seen": looked})
        said = answer.content.decode().split('role="alert"')[1]
        assert "Not done:" in said
        assert "changed since you looked: nothing is held yet" in said
        assert not Matter.objects.exists()


def test_a_box_that_was_unticked_stays_so_while_people_are_looked_for(
    page: Client, account: Account, people: list[Person]
) -> None:
    """Whoever does not want Zoom asked must not find it asked because they pressed Find."""
    filled = fields(account, do="find", find="mira")
    filled.pop("at_zoom")
    said = page.post("/matters/open/", filled).content.decode()
    boxes = {name: said.split(f'name="{name}"')[1].split(">")[0] for name in ("covers_received", "at_zoom")}
    assert "checked" in boxes["covers_received"]
    assert "checked" not in boxes["at_zoom"]


def test_what_cannot_be_placed_is_said_before_it_is_looked_over(
    page: Client, account: Account, people: list[Person], matter: Matter
) -> None:
    """Days the wrong way round, and a name that is taken: no button offers to place it."""
    for wrong, words in (
        ({"since": "2026-02-02", "until": "2026-02-01"}, "The last day held is before the first."),
        ({"name": matter.name}, "There is, or was, a matter of this name already"),
    ):
        filled = fields(account, name="Another", person=[people[0].pk], do="preview") | wrong
        said = page.post("/matters/open/", filled).content.decode()
        assert words in said
        assert 'value="place"' not in said


def test_a_list_that_is_too_long_is_refused_whole(
    page: Client, account: Account, people: list[Person]
) -> None:
    """A tail that is cut off without a word is a custodian who is not held."""
    line = "mira@acme.example\n"
    said = page.post("/matters/open/", fields(account, do="paste", pasted=line * 6_000)).content.decode()
    assert "nobody of it was added. Paste at most 100,000 at a time." in said
    assert "Nobody is chosen yet." in said
    assert "maxlength" not in said.split('id="pasted"')[1].split(">")[0]


def test_many_lines_that_mean_nobody_are_counted(page: Client, account: Account) -> None:
    """The first hundred are shown, all of them are counted."""
    pasted = "\n".join(f"nobody {number}" for number in range(250))
    said = page.post("/matters/open/", fields(account, do="paste", pasted=pasted)).content.decode()
    assert "250 lines not understood" in said
    assert said.count("nobody of this name") == 100
    assert "and 150 more" in said


def test_people_are_added_in_many_ways(page: Client, account: Account, people: list[Person]) -> None:
    """From a pasted list whose odd lines are shown, a department and a search, each keeping who was ticked."""
    pasted = {"do": "paste", "pasted": "mira@acme.example; Somebody Else", "person": people[3].pk}
    said = page.post("/matters/open/", fields(account, name="", **pasted)).content.decode()
    assert "checked> <span>Mira Lang" in said
    assert "checked> <span>Olu" in said
    assert "Somebody Else: nobody of this name" in said
    assert "field-error" not in said
    said = page.post("/matters/open/", fields(account, do="department", department="Desk")).content.decode()
    assert "Tom Berg" in said
    said = page.post("/matters/open/", fields(account, do="find", find="olu")).content.decode()
    assert "outside the account" in said


@pytest.fixture
def legal(account: Account, people: list[Person]) -> PeopleGroup:
    """A group of the company directory in which Mira is, and Tom was."""
    group = PeopleGroup.objects.create(
        account=account, kind="directory", zoom_id="g", name="Legal", listed_at=NOW, read_at=NOW
    )
    for one, at in zip(people[:2], (NOW, NOW - timedelta(days=1)), strict=True):
        GroupMember.objects.create(group=group, person=one, first_seen_at=at, last_seen_at=at)
    return group


def test_a_groups_members_become_custodians_who_came_by_it(
    page: Client, account: Account, legal: PeopleGroup
) -> None:
    """Those who are in it now; the page of custodians, and the trail, say by what they were picked."""
    said = page.post("/matters/open/", fields(account, do="groups", group_named="leg")).content.decode()
    assert "Add 1 of the directory group “Legal”" in said
    said = page.post("/matters/open/", fields(account, do=f"group:{legal.pk}")).content.decode()
    assert said.count('name="person"') == 1
    assert "from the directory group “Legal”" in said
    mira = Person.objects.get(user_id="u-mira").pk
    tom = Person.objects.get(user_id="u-tom").pk
    ways = [f"{mira}:group:{legal.pk}", f"{tom}:group:{legal.pk}"]
    filled = fields(account, do="preview", person=[mira, tom], way=ways)
    looked = seen(page.post("/matters/open/", filled).content.decode())
    page.post("/matters/open/", filled | {"do": "place", "seen": looked})
    came = dict(Custodian.objects.values_list("person_id", "came_from"))
    assert came == {mira: "directory group “Legal”", tom: ""}
    matter = Matter.objects.get()
    assert (
        page.get(f"/matters/{matter.pk}/custodians/").content.decode().count("from the directory group") == 1
    )
    told = AuditEvent.objects.get(action="opened").details["custodians"]
    assert [one.get("from") for one in told] == ["directory group “Legal”", None]
    none = page.post("/matters/open/", fields(account, do="groups", group_named="nothing")).content.decode()
    assert "No group of that name is known" in none


def test_what_is_missing_is_said_by_the_field(page: Client, account: Account, people: list[Person]) -> None:
    """And who was chosen stays chosen."""
    filled = fields(account, name="", person=[people[0].pk], do="place")
    said = page.post("/matters/open/", filled).content.decode()
    assert "field-error" in said
    assert "checked> <span>Mira Lang" in said
    assert not Matter.objects.exists()


def test_somebody_is_added_to_a_matter(page: Client, matter: Matter, people: list[Person]) -> None:
    """And stands among the custodians."""
    page.post(f"/matters/{matter.pk}/custodians/add/", {"do": "place", "person": people[3].pk})
    assert "held here only" in page.get(f"/matters/{matter.pk}/custodians/").content.decode()
    assert Custodian.objects.filter(matter=matter).count() == 3


def test_one_of_many_custodians_is_found(page: Client, account: Account, ines: User) -> None:
    """By name or address and by how they stand at Zoom; the others are on further pages, each once."""
    people = Person.objects.bulk_create(
        Person(account=account, user_id=f"n{n}", email=f"n{n:03}@acme.example", display_name=f"N {n:03}")
        for n in range(120)
    )
    matter = opening.open_matter(draft(account, people), by=ines, now=NOW)
    address = f"/matters/{matter.pk}/custodians/"
    seen: list[str] = []
    said = page.get(address).content.decode()
    assert "120 custodians" in said
    while True:
        seen += re.findall(r"<strong>(N \d{3})</strong>", said)
        following = re.search(r"after=(\d+)", said)
        if following is None:
            break
        said = page.get(f"{address}?after={following[1]}").content.decode()
    assert seen == [f"N {n:03}" for n in range(120)]
    said = page.get(f"{address}?name=N077@acme").content.decode()
    assert "1 of 120 custodians" in said
    assert "<strong>N 077</strong>" in said
    assert "No custodian is called so" in page.get(f"{address}?at_zoom=refused").content.decode()


def test_the_list_says_whom_zoom_does_not_hold(
    page: Client, account: Account, people: list[Person], ines: User
) -> None:
    """Olu is outside, so no matter at Zoom was ever asked for; nothing missing, refused or waiting is not held."""
    opening.open_matter(draft(account, people[3:], name="Outside"), by=ines, now=NOW)
    opening.open_matter(draft(account, [people[0], people[3]], name="Both"), by=ines, now=NOW)
    ZoomMatter.objects.update(state="held", zoom_id="z1", created_at=NOW)
    both, outside = re.findall(
        r"<tr><td class=\"wide\">.*?</tr>", page.get("/matters/").content.decode(), re.S
    )
    assert "held here only" in outside
    assert "1 of 2</td>" in both


def test_a_channel_that_is_not_known_is_said(page: Client, account: Account) -> None:
    """What was looked for and not found is not the same as nothing looked for."""
    sent = fields(account, do="channels", channel_named="nothing")
    assert "No channel of that name is known" in page.post("/matters/open/", sent).content.decode()
    assert "No channel of that name" not in page.get("/matters/open/").content.decode()


def test_departments_are_offered_to_a_matter_that_is_open_too(page: Client, matter: Matter) -> None:
    """Whatever way people are chosen when a matter is opened, they are chosen when more are added."""
    address = f"/matters/{matter.pk}/custodians/"
    assert "Choose a department" in page.get(address).content.decode()
    said = page.post(f"{address}add/", {"do": "department", "department": "Desk"}).content.decode()
    assert "Choose a department" in said
    assert "checked> <span>Tom Berg" in said


def test_adding_nobody_asks_for_somebody(page: Client, matter: Matter) -> None:
    """Nobody chosen is not the same as everybody chosen being held already."""
    address = f"/matters/{matter.pk}/custodians/add/"
    assert "Choose at least one custodian." in page.post(address, {"do": "place"}).content.decode()


def test_a_matter_of_others_is_not_found(client: Client, ravi: User, matter: Matter) -> None:
    """Neither its page nor its custodians, and nothing can be added; a member who reviews only looks."""
    client.force_login(ravi)
    for address in ("", "custodians/"):
        assert client.get(f"/matters/{matter.pk}/{address}").status_code == 404
    MatterMember.objects.create(matter=matter, user=ravi, added_at=NOW, added_by_name="Ines")
    assert client.get(f"/matters/{matter.pk}/").status_code == 200
    assert client.post(f"/matters/{matter.pk}/custodians/add/", {"do": "place"}).status_code == 403


def test_the_pages_ask_little(
    page: Client,
    account: Account,
    people: list[Person],
    ines: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many matters and custodians there are."""
    for number in range(30):
        opening.open_matter(draft(account, people, name=f"Matter {number}"), by=ines, now=NOW)
    newest = Matter.objects.order_by("-pk")[0].pk
    page.get("/matters/")
    with django_assert_max_num_queries(18):
        page.get("/matters/")
    with django_assert_max_num_queries(25):
        page.get(f"/matters/{newest}/")
    with django_assert_max_num_queries(18):
        page.get(f"/matters/{newest}/custodians/")
    with django_assert_max_num_queries(18):
        page.get(f"/matters/{newest}/rename/")


def test_as_many_people_as_a_matter_takes_are_chosen_by_a_group(page: Client, account: Account) -> None:
    """Each is a box of the form and what they came by; beyond what a matter takes the form says so in time, and beyond
    what is read a page does."""
    everybody = Person.objects.bulk_create(
        Person(account=account, user_id=f"n{n}", display_name=f"N {n}", department="Floor")
        for n in range(5_000)
    )
    people, ways = [one.pk for one in everybody], [f"{one.pk}:department" for one in everybody]
    sent = fields(account, do="find", find="nobody", person=people, way=ways)
    assert "5,000 chosen" in page.post("/matters/open/", sent).content.decode()
    Person.objects.create(account=account, user_id="more", display_name="More", department="Floor")
    sent |= {"do": "department", "department": "Floor"}
    assert (
        "there would be 5,001 people, so nobody was added"
        in page.post("/matters/open/", sent).content.decode()
    )
    answer = page.post("/matters/open/", {"person": [1] * 11_001})
    assert answer.status_code == 400
    assert "takes at most 5,000 people at once" in answer.content.decode()


def test_more_than_a_thousand_people_are_held(page: Client, account: Account) -> None:
    """A whole site in one matter."""
    people = Person.objects.bulk_create(
        Person(account=account, user_id=f"n{n}", email=f"n{n}@acme.example", display_name=f"N {n}")
        for n in range(1_200)
    )
    sent = fields(account, person=[one.pk for one in people], do="preview")
    looked = seen(page.post("/matters/open/", sent).content.decode())
    page.post("/matters/open/", sent | {"do": "place", "seen": looked})
    assert Custodian.objects.count() == 1_200
