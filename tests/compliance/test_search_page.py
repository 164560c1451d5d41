"""The answers on the search page: every number exact, every link as good as its number, every hit explained."""

import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import search
from archive.models import IndexState, Window
from archive.scope import EVERYTHING
from archive.search import operators
from archive.search.query import Property, Type
from compliance import facets
from compliance.models import AuditEvent
from tests.archive import scenes
from tests.archive.search.talk import NOON, Line, Talk
from tests.compliance import world
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db

Page = Callable[[str], str]


@pytest.fixture
def client(ines: User, as_person: As) -> Client:
    return as_person(ines)


@pytest.fixture
def page(client: Client) -> Page:
    """A page as Ines gets it, without what marks its words."""
    return lambda address: re.sub("</?mark>", "", client.get(address).content.decode())


@pytest.fixture
def talk() -> Talk:
    return Talk()


def count(page: str) -> int:
    found = re.search(r'class="count">([\d,]+)<', page)
    assert found is not None
    return int(found[1].replace(",", ""))


def part(page: str, name: str) -> str:
    """A part of the page: its facets, its timeline."""
    begin = page.index(f'class="{name}')
    return page[begin : page.index("</details>" if name == "facets" else "</figure>", begin)]


def links(text: str) -> list[tuple[str, str]]:
    """The links that narrow, each with its number; those that take away are of a class."""
    found = re.findall(r'<a href="([^"]+)">.*?facet-count">([\d,]+)<', text)
    return [(html.unescape(address), number) for address, number in found]


@pytest.mark.parametrize(
    "query", ["plain OR ship", "zone:Asia/Tokyo (plain OR ship) in:session/{session}", "NOT lunch"]
)
def test_a_click_finds_as_many_as_the_facet_says(query: str, page: Page) -> None:
    """Each line of each facet, and each bar of the timeline."""
    session = world.fill(sessions=3, messages=12)[0]
    world.index()
    answer = page("/search/?q=" + query.format(session=session.pk).replace(" ", "+"))
    seen = links(part(answer, "facets"))
    bars = re.findall(
        r'<td><a href="([^"]+)">[^<]+</a></td><td class="num">(\d+)<', part(answer, "chart timeline")
    )
    assert len(seen) > 5
    assert len(bars) > 0
    for address, number in [*seen, *((html.unescape(address), number) for address, number in bars)]:
        assert count(page("/search/" + address)) == int(number), address


def test_the_ten_largest_are_shown_and_the_rest_is_counted(page: Page, talk: Talk) -> None:
    """Nothing is left out without a number."""
    for n in range(13):
        talk.meet(f"p{n}", f"Person {n}")
        talk.say_all(Line("budget", by=f"p{n}") for _ in range(n + 1))
    talk.say("budget", by="nobody")
    world.index()
    people = part(page("/search/?q=budget"), "facets").partition("<h2>Session")[0]
    assert [number for _, number in links(people)] == [str(n) for n in range(13, 3, -1)]
    assert "3 more people: 6 hits · 1 of an unknown sender" in people


def test_what_is_asked_for_can_be_taken_away(page: Page) -> None:
    """In its facet and beneath the query, also where nothing was found."""
    world.fill(messages=4)
    world.index()
    answer = page("/search/?q=ship+is:edited")
    assert 'class="is-active"' in part(answer, "facets")
    assert answer.count('href="?q=ship"') == 2
    nothing = page("/search/?q=xyzzy+is:edited")
    assert count(nothing) == 0
    assert 'class="chip" href="?q=xyzzy"' in nothing
    assert 'class="facets"' not in nothing


def test_a_name_in_a_facet_is_inert(page: Page, talk: Talk) -> None:
    """Names are strangers' text too."""
    talk.meet("evil", "<img src=x> \u202eevil")
    talk.open("<script>x</script>")
    talk.say("budget", by="evil", where="<script>x</script>")
    world.index()
    answer = page("/search/?q=budget")
    assert "<img src=x>" not in answer
    assert "<script>x" not in answer
    assert "\u202e" not in answer


def test_no_name_is_told_of_whom_the_answer_does_not_count(page: Page) -> None:
    """Asking for a number does not say whose it is."""
    world.fill(messages=4)
    world.index()
    sender = world.message("olu").sender_id
    assert "Olu" in page(f"/search/?q=outside+from:person/{sender}")
    assert "Olu" not in page(f"/search/?q=nothing+from:person/{sender}")


def test_a_day_that_is_not_proven_is_a_hole_in_the_timeline(page: Page) -> None:
    """Drawn hatched, counted in the caption, and said in the table."""
    world.fill(messages=4)
    world.index()
    whole = part(page("/search/?q=plain"), "chart timeline")
    assert "hatched" not in whole
    Window.objects.update(complete_through=None)
    torn = part(page("/search/?q=plain"), "chart timeline")
    assert "1 day of the archive not proven complete, hatched" in torn
    assert 'class="hole"' in torn
    assert "not proven complete</span>" in torn


def test_what_nobody_asked_zoom_about_is_never_complete(page: Page) -> None:
    """The days before the first list of sessions are unknown, and drawn so."""
    world.fill(messages=4)
    world.index()
    asked = part(page("/search/?q=plain+during:2026-10..2026-11"), "chart timeline")
    rows = re.findall(r"<tr><td>(?:<a [^>]*>)?(\d+ \w+ 2026)<.*?</tr>", asked)
    proven = re.findall(r"(\d+ \w+ 2026)<(?:(?!</tr>).)*<span>complete</span>", asked)
    assert {"1 Oct 2026", "31 Oct 2026", "2 Nov 2026"} <= set(rows)
    assert "2 Nov 2026" in proven
    assert [day for day in proven if "Oct" in day] == []


def test_a_long_time_is_drawn_by_month(page: Page, talk: Talk) -> None:
    """Each bar leads to its month, in which there is one bar a day."""
    talk.say_all(Line("budget", at=NOON + timedelta(days=n * 30)) for n in range(12))
    world.index()
    timeline = part(page("/search/?q=budget"), "chart timeline")
    assert "Hits by month, UTC" in timeline
    assert 'href="?q=budget+during%3A2026-05"' in timeline
    narrowed = part(page("/search/?q=budget+during:2026-06"), "chart timeline")
    assert "Hits by day, UTC · 1 from 1 Jun 2026 to 30 Jun 2026" in narrowed


@pytest.mark.parametrize("order", ["newest", "oldest", "relevant"])
def test_every_hit_is_on_one_page(order: str, page: Page, talk: Talk) -> None:
    """From the first page to the last, in each order, each page with its place in the whole."""
    said = talk.say_all(Line("budget", at=NOON + timedelta(minutes=n // 3)) for n in range(120))
    world.index()
    seen: list[str] = []
    address, places = f"?q=budget&order={order}", []
    while address:
        answer = page("/search/" + address)
        seen += re.findall(r"preview/(\d+)/", answer)
        places += re.findall(r"page \d+, hits \d+–\d+ of \d+", answer)
        following = re.search(r'rel="next" href="([^"]+)"', answer)
        address = html.unescape(following[1]) if following is not None else ""
    assert places == [
        f"page {n}, hits {first}–{last} of 120"
        for n, first, last in ((1, 1, 50), (2, 51, 100), (3, 101, 120))
    ]
    assert sorted(map(int, seen)) == [m.pk for m in said]
    if order != "relevant":
        assert list(map(int, seen)) == [m.pk for m in (said if order == "oldest" else reversed(said))]


def test_a_page_far_on_costs_what_the_first_one_does(client: Client, talk: Talk) -> None:
    """The two hundredth: the same queries, and the right place."""
    for _ in range(5):
        talk.say_all(Line("budget") for _ in range(2_002))
    world.index()
    place = None
    for _ in range(10):
        place = search.messages("budget", scope=EVERYTHING, after=place, limit=995).next
    spent, answer = [], ""
    for address in ("/search/?q=budget", f"/search/?q=budget&after={place}"):
        caches["process"].clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address).content.decode()
        spent.append([sql[:30] for query in queries if "SAVEPOINT" not in (sql := query["sql"])])
    assert "page 200, hits 9,951–10,000 of 10,010" in answer
    assert spent[0] == spent[1]


def test_only_the_best_thousand_have_an_order_of_relevance(page: Page, talk: Talk) -> None:
    """And the page says so, at its top and at its end."""
    talk.say_all(Line("budget") for _ in range(1_040))
    world.index()
    assert "hits 1–50 of the best 1,000" in page("/search/?q=budget&order=relevant")
    last = page("/search/?q=budget&order=relevant&after=950.1")
    assert "These are the most relevant 1,000. By time all 1,040 can be read." in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize(
    ("query", "says", "is_superseded"),
    [
        ("monday is:edited", "matches as sent</span>", True),
        ("someday", "matches as edited <time", False),
        ("ship is:edited", "matches as sent, as edited <time", False),
        ('"delete this"', "matches as deleted</span>", False),
        ("plan", "matches in a file name</span>", False),
    ],
)
def test_a_hit_says_which_version_matched(query: str, says: str, is_superseded: bool, page: Page) -> None:
    """As sent, as edited and when, as deleted, in the name of a file."""
    world.fill(messages=2)
    world.index()
    answer = page(f"/search/?q={query}")
    assert says in answer
    assert ("not in the newest version" in answer) is is_superseded


def test_a_hit_says_that_its_words_are_beside_its_text(client: Client, page: Page, talk: Talk) -> None:
    """In the card of a bot: shown in the hit, and in the conversation it leads to."""
    card = {
        "content": {
            "head": {"text": "Deploy Bot"},
            "body": [{"type": "message", "text": "rollback <window>"}],
        }
    }
    said = talk.say("Deployed 4.2", raw=json.dumps({"bot_message": card}).encode())
    world.index()
    answer = page("/search/?q=rollback")
    assert "matches in the card of a bot" in answer
    assert "rollback &lt;window&gt;" in answer
    assert "matches" not in part_of_hit(page("/search/?q=deployed"))
    assert "rollback &lt;window&gt;" in page(f"/sessions/{said.session_id}/?at={said.pk}")


def part_of_hit(page: str) -> str:
    begin = page.index('class="hit"')
    return page[begin : page.index("</li>", begin)]


def test_what_was_probably_meant_is_one_click_away(page: Page) -> None:
    """The place is underlined in the query as it was typed."""
    world.fill(messages=2)
    world.index()
    answer = page("/search/?q=plain+form:ines&order=oldest")
    assert '<em class="culprit"><span class="vh">here: </span>form:</em>ines' in answer
    assert 'href="?q=plain+from%3Aines&amp;order=oldest"' in answer
    assert "Search instead" not in page("/search/?q=is:")


def test_every_answer_says_up_to_when_it_is_complete(page: Page) -> None:
    """The time and the leaf, also where nothing waits; while something does, the time it was stored."""
    session = world.fill(messages=4)[0]
    world.index()
    size = IndexState.objects.get().complete_to
    for query in ("plain", "absent"):
        before = timezone.now().replace(second=0, microsecond=0)
        answer = page(f"/search/?q={query}")
        found = re.search('complete to <time datetime="([^"]+)"', answer)
        assert found is not None
        assert before <= datetime.fromisoformat(found[1]) <= timezone.now()
        assert f"(leaf {size:,} of the log)" in answer
    world.captured(session.windows.get(), [scenes.said("plain and late", id="late", minute=999)])
    answer = page("/search/?q=plain")
    assert "1 stored record not searched yet" in answer
    assert f'complete to <time datetime="{scenes.NOW:%Y-%m-%dT%H:%M}' in answer


def test_the_completeness_of_facets_is_that_of_the_hits(page: Page) -> None:
    """Both say what waits, and neither counts it."""
    session = world.fill(messages=4)[0]
    world.index()
    world.captured(session.windows.get(), [scenes.said("plain and late", id="late", minute=999)])
    answer = page("/search/?q=plain")
    assert answer.count("stored record not searched yet") == 2
    assert (
        count(answer)
        == sum(int(n) for _, n in links(part(answer, "facets").partition("<h2>Session")[0]))
        == 4
    )


def test_an_answer_with_facets_is_one_event(client: Client) -> None:
    """Which says that they were shown."""
    world.fill(messages=4)
    world.index()
    before = AuditEvent.objects.count()
    client.get("/search/?q=plain")
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.latest("pk").details["facets"] is True


def test_a_conversation_leads_on_to_the_next_hit(client: Client, page: Page) -> None:
    """And back, and to the hits, without losing the search; the look and the search are both recorded."""
    world.fill(messages=4)
    world.index()
    hit = re.search(r'data-open href="([^"#]+)', page("/search/?q=plain&order=oldest"))
    assert hit is not None
    first = page(html.unescape(hit[1]))
    assert "Hit 1 of 4" in first
    assert "data-previous-hit" not in first
    events = [event.action for event in AuditEvent.objects.order_by("-pk")[:2]]
    assert sorted(events) == ["looked", "searched"]
    following = re.search(r'data-next-hit href="([^"#]+)', first)
    assert following is not None
    second = page(html.unescape(following[1]))
    assert "Hit 2 of 4" in second
    assert "plain words 1" in second
    asked = parse_qs(urlsplit(html.unescape(following[1])).query)
    assert (asked["q"], asked["order"]) == (["plain"], ["oldest"])
    back = re.search(r'href="(/search/[^"]+)">Back', second)
    assert back is not None
    assert "hits 2–4 of 4" in page(html.unescape(back[1]))


def test_a_search_that_cannot_be_answered_does_not_close_a_conversation(page: Page) -> None:
    """Somebody edited the address, or the index is gone."""
    session = world.fill(messages=4)[0]
    for query in ("plain", "plain OR"):
        answer = page(f"/sessions/{session.pk}/?q={query}&hit=1.1")
        assert "The search cannot be answered now" in answer
        assert "plain words 1" in answer


def test_words_are_marked_where_a_hit_is_opened(client: Client) -> None:
    """In the preview and in the conversation."""
    session = world.fill(messages=4)[0]
    message = world.message("p0-1").pk
    for address in (
        f"/search/preview/{message}/?session={session.pk}&q=plain",
        f"/sessions/{session.pk}/?at={message}&q=plain",
    ):
        assert b"<mark>plain</mark> words 1" in client.get(address).content
    assert b"<mark>" not in client.get(f"/sessions/{session.pk}/?q=plain+OR").content


def test_every_operator_is_explained_on_the_page(page: Page) -> None:
    """What the language learns, the help panel tells."""
    told = page("/search/")
    assert [name for name in operators.NAMES if f"{name}:" not in told] == []


def test_every_value_has_words() -> None:
    """A facet never shows a name of ours."""
    assert set(facets.STATES) == set(Property)
    assert set(facets.KINDS) == set(Type)
