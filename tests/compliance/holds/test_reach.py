"""What a reviewer may read: what the matters they work on hold, wherever they look, and not a record more."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from archive import search
from archive.models import Attachment
from archive.scope import EVERYTHING
from compliance import gathering, investigations, lists, reach
from compliance.investigations import NotHere
from compliance.models import Hold, MatterMember
from tests.archive import scenes
from tests.archive.scenes import NOON
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

HOUR = timedelta(hours=1)


def found(query: str, by: User) -> set[int]:
    findings = investigations.messages(query=query, by=by, now=NOON)
    assert findings.answer.count == len(findings.found)
    return {one.hit.message_id for one in findings.found}


def again(person: User) -> User:
    """The same person with the next request."""
    return User.objects.get(pk=person.pk)


def test_an_officer_reads_everything_and_a_reviewer_nothing_at_first(
    office: Office, ines: User, ravi: User
) -> None:
    """Whoever is in no matter sees no message, and cannot count one."""
    message = office.say(NOON)
    world.index()
    assert (found("words", ines), found("words", ravi)) == ({message.pk}, set())
    assert reach.of(ines) == EVERYTHING
    for look in (
        lambda: investigations.message(message_id=message.pk, by=ravi, now=NOON),
        lambda: investigations.conversation(session_id=office.session.pk, by=ravi, now=NOON),
        lambda: investigations.conversation(session_id=office.session.pk, at=message.pk, by=ravi, now=NOON),
    ):
        with pytest.raises(NotHere):
            look()


def test_a_reviewer_reads_what_was_said_while_a_custodian_took_part(office: Office, ravi: User) -> None:
    """Olu joins and leaves: what was said between is read and counted, what was said before and after is not."""
    before, inside, after = (office.say(NOON + n * HOUR) for n in (0, 2, 4))
    office.step("joined", NOON + HOUR)
    office.step("left", NOON + 3 * HOUR)
    matter = office.open_matter()
    office.hold(matter)
    office.let_in(matter, ravi)
    world.index()
    assert found("words", ravi) == {inside.pk}
    assert found("words OR NOT words", ravi) == {inside.pk}
    seen = investigations.conversation(session_id=office.session.pk, by=ravi, now=NOON)
    assert ([said.id for said in seen.transcript.messages], seen.is_whole) == ([inside.pk], False)
    assert investigations.message(message_id=inside.pk, by=ravi, now=NOON).said.id == inside.pk
    for outside in (before, after):
        with pytest.raises(NotHere):
            investigations.message(message_id=outside.pk, by=ravi, now=NOON)
        with pytest.raises(NotHere):
            investigations.conversation(session_id=office.session.pk, at=outside.pk, by=ravi, now=NOON)


def test_a_file_outside_is_not_handed_out(office: Office, ravi: User) -> None:
    """The bytes of a file follow its message."""
    message = office.say(NOON)
    attachment = Attachment.objects.create(
        message=message, zoom_file_id="f", name="plan.txt", not_before=NOON, state=Attachment.State.DUE
    )
    world.store_files()
    with pytest.raises(NotHere):
        investigations.download(attachment_id=attachment.pk, by=ravi, now=NOON)
    matter = office.open_matter()
    office.hold(matter, session_id=office.session.pk)
    office.let_in(matter, ravi)
    with investigations.download(attachment_id=attachment.pk, by=again(ravi), now=NOON).stream as stream:
        assert stream.read().startswith(b"the plan")


def test_what_a_reviewer_reads_ends_with_the_hold_and_with_the_membership(office: Office, ravi: User) -> None:
    """Nothing is remembered: the next request reads the holds in force and the members of now."""
    message = office.say(NOON)
    world.index()
    matter = office.open_matter()
    hold = office.hold(matter, session_id=office.session.pk)
    office.let_in(matter, ravi)
    assert found("words", again(ravi)) == {message.pk}
    MatterMember.objects.filter(user=ravi).update(removed_at=NOON, removed_by_name="Ines")
    assert found("words", again(ravi)) == set()
    office.let_in(matter, ravi)
    assert found("words", again(ravi)) == {message.pk}
    Hold.objects.filter(pk=hold.pk).update(released_at=NOON)
    assert found("words", again(ravi)) == set()


def test_of_two_matters_a_reviewer_reads_both(office: Office, ravi: User) -> None:
    """The pieces of all matters are one union; a matter of others adds nothing."""
    olus = office.say(NOON, by=scenes.OLU)
    office.say(NOON + HOUR)
    mine, other, strange = (office.open_matter(name) for name in ("one", "two", "three"))
    office.hold(mine, covers_received=False)
    office.hold(other, session_id=office.session.pk, since=NOON + 5 * HOUR)
    office.hold(strange, session_id=office.session.pk)
    office.let_in(mine, ravi)
    office.let_in(other, ravi)
    late = office.say(NOON + 6 * HOUR)
    world.index()
    assert found("words", ravi) == {olus.pk, late.pk}


def test_lists_of_others_are_counted_within_reach(office: Office, ines: User, ravi: User) -> None:
    """A frozen list of everything shows a reviewer only what is theirs, and says so in its own scope."""
    office.say(NOON)
    late = office.say(NOON + 6 * HOUR)
    world.index()
    frozen = lists.freeze(name="All", query="words", order=search.Order.NEWEST, by=ines, now=NOON)
    matter = office.open_matter()
    office.hold(matter, session_id=office.session.pk, since=NOON + 5 * HOUR)
    office.let_in(matter, ravi)
    seen = lists.seen(list_id=frozen.pk, by=ravi, now=NOON)
    assert ([one.hit.message_id for one in seen.found], seen.line.count, seen.is_whole) == (
        [late.pk],
        1,
        False,
    )
    assert gathering.as_data(reach.of(ravi))["within"][0].startswith("1 pieces, ")


def test_the_pages_say_that_something_may_be_left_out(office: Office, ravi: User, as_person: As) -> None:
    """On the search page and in a conversation; a session outside is not found."""
    message = office.say(NOON)
    world.index()
    client = as_person(ravi)
    assert b"in what your matters hold" in client.get("/search/?q=words").content
    assert client.get(f"/sessions/{office.session.pk}/").status_code == 404
    assert client.get(f"/messages/{message.pk}/").status_code == 404
    matter = office.open_matter()
    office.hold(matter, session_id=office.session.pk)
    office.let_in(matter, ravi)
    page = client.get(f"/sessions/{office.session.pk}/").content
    assert b"Only what the holds of your matters cover is shown." in page
    assert b"words 1" in page


def test_a_query_names_the_matters_of_the_reader_only(office: Office, ines: User, ravi: User) -> None:
    """A matter of others is refused in the words in which one is refused that does not exist."""
    message = office.say(NOON, by=scenes.OLU)
    office.say(NOON + HOUR)
    world.index()
    matter = office.open_matter()
    office.hold(matter, covers_received=False)
    office.let_in(matter, ines)
    assert found(f"matter:{matter.pk}", ines) == found('matter:"inquiry 2026-114"', ines) == {message.pk}
    assert found("custodian:olu", ines) == {message.pk}
    for query in (f"matter:{matter.pk}", "matter:99999"):
        with pytest.raises(search.QueryError, match="There is no matter") as caught:
            found(query, ravi)
        assert caught.value.hint == "You are a member of no matter."
    with pytest.raises(search.QueryError, match="is a custodian"):
        found("custodian:olu", ravi)
