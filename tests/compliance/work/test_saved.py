"""Saved searches: private until shared, run again for what is new, and always meaning what they meant."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from archive import search
from archive.scope import Scope
from archive.search import analysis, held_passages
from archive.search import index as index_of_messages
from compliance import saved
from compliance.investigations import NotHere
from compliance.models import AuditEvent, ListPart, MessageList, SavedSearch
from compliance.saved import Part, Unfit
from tests.archive.search.talk import NOON, Talk
from tests.compliance.work.conftest import Index, Narrow

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def save(
    by: User | None, query: str = "budget", *, name: str = "Budgets", shared: bool = False
) -> SavedSearch:
    return saved.save(name=name, query=query, order=search.Order.NEWEST, shared=shared, by=by, now=NOON)


def again(kept: SavedSearch, by: User | None) -> saved.Seen:
    saved.run(search_id=kept.pk, by=by, now=LATER)
    return saved.seen(search_id=kept.pk, by=by, now=LATER)


def shown(seen: saved.Seen) -> list[int]:
    return [one.hit.message_id for one in seen.found]


def test_saving_keeps_the_query_and_what_was_found(talk: Talk, index: Index, ines: User) -> None:
    """As typed, with the version of the language, and how far the index was complete."""
    talk.say("budget")
    index()
    kept = save(ines, "zone:Asia/Tokyo budget")
    assert (kept.query, kept.language, kept.made_by) == (
        "zone:Asia/Tokyo budget",
        search.LANGUAGE_VERSION,
        ines,
    )
    (line,) = saved.lines(by=ines, now=NOON)
    assert line.last is not None
    assert (line.last.count, line.last.complete_to, line.is_own) == (1, 1, True)
    actions = AuditEvent.objects.order_by("pk").values_list("action", "subject")
    assert list(actions)[:3] == [
        ("saved", f"search/{kept.pk}"), ("started", f"list/{line.last.pk}"), ("searched", f"search/{kept.pk}"),
    ]  # fmt: skip


def test_a_rerun_shows_what_is_new_and_what_changed(talk: Talk, index: Index, ines: User) -> None:
    """New: not found before, whatever the reason. Changed: found before, with a version stored since."""
    stays, edited, leaves = talk.say("budget a"), talk.say("budget b"), talk.say("budget c, gone NOT soon")
    joins = talk.say("lunch")
    index()
    kept = save(ines, "budget NOT leaving")
    new = talk.say("budget d")
    talk.edit(edited, "budget b, again")
    talk.edit(joins, "lunch budget")
    talk.edit(leaves, "leaving")
    index()
    seen = again(kept, ines)
    assert seen.counts == {Part.ALL: 4, Part.NEW: 2, Part.CHANGED: 1, Part.GONE: 1}
    assert seen.part is Part.NEW
    assert set(shown(seen)) == {new.pk, joins.pk}
    for part, expected in ((Part.CHANGED, {edited.pk}), (Part.GONE, {leaves.pk})):
        assert set(shown(saved.seen(search_id=kept.pk, part=part, by=ines, now=LATER))) == expected
    everything = saved.seen(search_id=kept.pk, part=Part.ALL, by=ines, now=LATER)
    assert set(shown(everything)) == {stays.pk, edited.pk, new.pk, joins.pk}
    assert seen.before is not None
    assert seen.before.finished_at == NOON


def test_only_the_ids_of_the_last_two_runs_are_kept(talk: Talk, index: Index, ines: User) -> None:
    """The rows of all runs stay, with their numbers and digests."""
    talk.say("budget")
    index()
    kept = save(ines)
    for _ in range(3):
        again(kept, ines)
    assert MessageList.objects.filter(search=kept).count() == 4
    assert ListPart.objects.count() == 2


def test_new_is_new_to_the_one_who_looks(talk: Talk, index: Index, ines: User, ravi: User) -> None:
    """Ravi's runs are his own: his first has nothing to compare with."""
    talk.say("budget")
    index()
    kept = save(ines, shared=True)
    assert saved.seen(search_id=kept.pk, by=ravi, now=NOON).line.last is None
    talk.say("budget")
    index()
    seen = again(kept, ravi)
    assert (seen.before, seen.counts) == (None, {Part.ALL: 2})
    assert again(kept, ines).counts[Part.NEW] == 1


def test_a_search_is_private_until_it_is_shared(talk: Talk, index: Index, ines: User, ravi: User) -> None:
    """Nobody else sees it, runs it or learns that it is there."""
    talk.say("budget")
    index()
    kept = save(ines)
    assert saved.lines(by=ravi, now=NOON) == []
    with pytest.raises(NotHere):
        saved.seen(search_id=kept.pk, by=ravi, now=NOON)
    with pytest.raises(NotHere):
        saved.run(search_id=kept.pk, by=ravi, now=NOON)
    saved.change(search_id=kept.pk, name="Budgets of all", shared=True, by=ines, now=NOON)
    (line,) = saved.lines(by=ravi, now=NOON)
    assert (line.search.name, line.is_own) == ("Budgets of all", False)
    details = AuditEvent.objects.get(action="changed").details
    assert details == {"name": "Budgets of all", "was": "Budgets", "shared": True}


def test_only_its_maker_changes_or_removes_a_search(talk: Talk, index: Index, ines: User, ravi: User) -> None:
    """A shared search is for all to run; it stays its maker's."""
    talk.say("budget")
    index()
    kept = save(ines, shared=True)
    with pytest.raises(NotHere):
        saved.change(search_id=kept.pk, name="Mine", shared=True, by=ravi, now=NOON)
    with pytest.raises(NotHere):
        saved.remove(search_id=kept.pk, by=ravi, now=NOON)
    saved.remove(search_id=kept.pk, by=ines, now=NOON)
    assert saved.lines(by=ines, now=NOON) == saved.lines(by=ravi, now=NOON) == []
    assert AuditEvent.objects.get(action="removed").details == {"name": "Budgets", "query": "budget"}
    assert save(ines).pk != kept.pk


def test_a_name_is_used_once_and_has_letters(talk: Talk, index: Index, ines: User, ravi: User) -> None:
    """By one person; another may use it too."""
    talk.say("budget")
    index()
    save(ines)
    for name in ("Budgets", "  Budgets ", " ", "x" * 101):
        with pytest.raises(Unfit):
            save(ines, name=name)
    other = save(ines, name="Others")
    with pytest.raises(Unfit, match="another name"):
        saved.change(search_id=other.pk, name="Budgets", shared=False, by=ines, now=NOON)
    save(ravi)
    for query in ("(", "tag:nobody-made-it", "budget NOT"):
        with pytest.raises(search.QueryError):
            save(ines, query, name="Broken")
    assert SavedSearch.objects.count() == 3


def test_who_may_not_search_neither_saves_nor_sees(
    talk: Talk, index: Index, ines: User, ada: User, tomas: User
) -> None:
    """Ada administers, Tomás audits; their attempts are in the trail."""
    talk.say("budget")
    index()
    kept = save(ines, shared=True)
    attempts: list[Callable[[User], object]] = [
        save,
        lambda by: saved.lines(by=by, now=NOON),
        lambda by: saved.seen(search_id=kept.pk, by=by, now=NOON),
        lambda by: saved.run(search_id=kept.pk, by=by, now=NOON),
    ]
    for person in (ada, tomas):
        for attempt in attempts:
            with pytest.raises(PermissionDenied):
                attempt(person)
        assert AuditEvent.objects.filter(action="refused", actor=person).count() == 4


def test_a_search_of_an_older_language_runs_when_it_means_the_same(
    talk: Talk, index: Index, ines: User
) -> None:
    """And says which version it was typed in."""
    talk.say("budget")
    index()
    kept = save(ines)
    SavedSearch.objects.update(language=1)
    seen = again(kept, ines)
    assert seen.meaning.may_run
    assert seen.meaning.sentence == (
        "It was typed in version 1 of the query language; "
        f"version {search.LANGUAGE_VERSION} reads it in the same way."
    )


def test_a_search_of_another_analysis_runs_and_says_so(talk: Talk, index: Index, ines: User) -> None:
    """The tree is spelled alike whatever a word is: only the version of the analysis tells."""
    talk.say("budget")
    index()
    kept = save(ines)
    assert (kept.analysis, MessageList.objects.get().analysis) == (search.ANALYSIS_VERSION,) * 2
    assert again(kept, ines).meaning.sentence == ""
    SavedSearch.objects.update(analysis=1)
    seen = again(kept, ines)
    assert seen.meaning.may_run
    assert seen.meaning.sentence == (
        f"It was saved under version 1 of the rules for what a word is; version {search.ANALYSIS_VERSION} may cut words "
        "otherwise, so that it may find more than it did, or less."
    )
    SavedSearch.objects.update(language=1)
    assert again(kept, ines).meaning.sentence.startswith("It was typed in version 1 of the query language")
    assert "under version 1" in again(kept, ines).meaning.sentence


def test_whatever_is_kept_of_words_names_the_version_of_the_analysis() -> None:
    """The index, the words of zips and what is saved: a new analysis is seen by all of them."""
    assert index_of_messages.VERSION % 1000 == held_passages.VERSION % 1000 == search.ANALYSIS_VERSION
    assert search.ANALYSIS_VERSION == analysis.VERSION


@pytest.mark.parametrize(
    ("query", "parsed", "why"),
    [
        ("col?r", 'Words(text="col?r")', "would read it as something else"),
        ("during:2026", 'Words(text="during:2026")', "would read it as something else"),
        ("name~9", 'Words(text="name~9")', "does not understand it"),
    ],
)
def test_a_search_is_refused_when_it_would_mean_something_else(
    query: str, parsed: str, why: str, talk: Talk, index: Index, ines: User
) -> None:
    """Never silently another meaning: the words of version 1 are patterns and operators in version 2."""
    talk.say("budget")
    index()
    kept = save(ines)
    SavedSearch.objects.update(language=1, query=query, parsed=parsed)
    with pytest.raises(Unfit, match=why):
        saved.run(search_id=kept.pk, by=ines, now=NOON)
    seen = saved.seen(search_id=kept.pk, by=ines, now=NOON)
    assert not seen.meaning.may_run
    assert why in seen.meaning.sentence


def test_days_counted_from_today_are_read_as_of_the_day_of_saving_to_tell_their_meaning(
    talk: Talk, index: Index, ines: User
) -> None:
    """“The last 30 days” means the same next year, though its tree has other dates by then."""
    talk.say("budget")
    index()
    kept = save(ines, "after:30d budget")
    SavedSearch.objects.update(language=1)
    assert saved.meaning_of(SavedSearch.objects.get(pk=kept.pk)).may_run


def test_what_one_may_no_longer_see_is_not_shown_from_an_old_run(
    talk: Talk, index: Index, ines: User, narrow: Narrow
) -> None:
    """Numbers and messages are narrowed when they are looked at, and the change is said."""
    inside, outside = talk.say("budget here"), talk.say("budget there", where="deal room")
    index()
    kept = save(ines)
    narrow(ines, Scope(sessions=frozenset({inside.session_id})))
    seen = saved.seen(search_id=kept.pk, part=Part.ALL, by=ines, now=NOON)
    assert (seen.counts, shown(seen), seen.is_whole) == ({Part.ALL: 1}, [inside.pk], False)
    assert [line.found for line in saved.lines(by=ines, now=NOON)] == [1]
    talk.edit(outside, "budget there, again")
    index()
    seen = again(kept, ines)
    assert seen.counts == {Part.ALL: 1, Part.NEW: 0, Part.CHANGED: 0, Part.GONE: 0}
    assert seen.scope_changed
