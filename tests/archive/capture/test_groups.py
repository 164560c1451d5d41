"""Groups that people are picked by: read with the directory, and no gap where they may not be read."""

from archive import candidates
from archive.models import GroupMember, Observation, PeopleGroup, Window
from sandbox import im_groups, mention_groups
from tests.archive.capture.conftest import Town, data, hurry, town

__all__ = ["data", "hurry", "town"]


def directory(town: Town) -> Window:
    """Capture, and the window of the directory."""
    town.capture()
    return Window.objects.filter(kind=Window.Kind.DIRECTORY).latest("pk")


def group(town: Town, *people: str) -> str:
    """A directory group of these people's ids."""
    made = im_groups.create(town.world, name="Legal", type="normal", searches={})
    im_groups.add(town.world, group_id=made.id, person_ids=list(people))
    return made.id


def names(town: Town, group_id: int) -> list[str]:
    return [one.email for one in candidates.in_group(group_id, account_id=town.account.pk)]


def test_groups_of_all_three_kinds_are_read_with_their_members(town: Town) -> None:
    """With what they are in words, and how many are in each; the records are kept."""
    town.say("hello")
    group(town, town.ines.id, town.ravi.id)
    mention_groups.create(
        town.world,
        channel_id=town.general.channel_id,
        name="oncall",
        description="",
        person_ids=[town.ravi.id],
    )
    window = directory(town)
    assert window.last_error == ""
    assert window.state == Window.State.COMPLETE
    found = candidates.groups("", account_id=town.account.pk)
    assert {(one.words.partition(" of the channel")[0], one.people) for one in found} == {
        ("directory group “Legal”", 2),
        ("mention group “oncall”", 1),
    }
    legal = next(one for one in found if one.kind == "directory")
    assert sorted(names(town, legal.group_id)) == sorted([town.ines.email, town.ravi.email])
    assert Observation.objects.filter(kind="group_member").exists()
    assert [one.words for one in candidates.groups("onc", account_id=town.account.pk)] == [
        f"mention group “oncall” of the channel “{town.general.name}”"
    ]


def test_who_left_a_group_is_not_offered_and_a_group_that_is_gone_neither(town: Town) -> None:
    """Their rows stay with until when they were in it."""
    group_id = group(town, town.ines.id, town.ravi.id)
    directory(town)
    (made,) = candidates.groups("", account_id=town.account.pk)
    im_groups.remove(town.world, group_id=group_id, person_id=town.ravi.id)
    again(town)
    assert names(town, made.group_id) == [town.ines.email]
    assert GroupMember.objects.count() == 2
    im_groups.delete(town.world, group_id=group_id)
    again(town)
    assert candidates.groups("", account_id=town.account.pk) == []
    assert PeopleGroup.objects.get().gone_at is not None


def again(town: Town) -> None:
    """The directory is read once more, a little later."""
    Window.objects.filter(kind=Window.Kind.DIRECTORY).update(state=Window.State.DUE, not_before=town.now())
    town.capture()


def test_groups_that_may_not_be_read_are_no_gap(town: Town) -> None:
    """What was said is captured all the same; whoever picks people finds no group."""
    group(town, town.ines.id)
    tokens = town.sandbox.instance.tokens
    tokens.scopes = frozenset(one for one in town.account.granted_scopes if "imgroup" not in one)
    assert len(tokens.scopes) < len(town.account.granted_scopes)
    assert directory(town).state == Window.State.COMPLETE
    assert town.is_complete()
    assert candidates.groups("", account_id=town.account.pk) == []


def test_by_what_people_came_is_looked_up_and_not_believed(town: Town) -> None:
    """Who is in no such group, department or channel comes from none."""
    group(town, town.ines.id)
    directory(town)
    (made,) = candidates.groups("", account_id=town.account.pk)
    (ines,) = candidates.in_group(made.group_id, account_id=town.account.pk)
    ravi = candidates.named("ravi", account_id=town.account.pk)
    ways = {ines.person_id: f"group:{made.group_id}"} | {
        one.person_id: f"group:{made.group_id}" for one in ravi
    }
    assert candidates.came_by(ways, account_id=town.account.pk) == {ines.person_id: "directory group “Legal”"}
    for way in ("group:999", "group:", "session:x", "department", "anything"):
        assert candidates.came_by({ines.person_id: way}, account_id=town.account.pk) == {}
