"""Channels are found by words of their name, or by the whole name."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Cast, Client


@pytest.fixture
def searched(cast: Cast) -> Cast:
    """Three channels about spring, one of them private, one archived."""
    world = cast.world
    world.open_channel("Spring launch", members=[cast.ines], type=3)
    world.open_channel("spring-cleaning", members=[cast.ines, cast.ravi], type=1)
    world.open_channel("Launch in spring", members=[cast.ines], type=5).archived_at = 1
    world.close_channel(world.open_channel("Spring is over", members=[cast.ines], type=3))
    return cast


def search(client: Client, *keywords: str, **more: object) -> httpx.Response:
    """A search among all channels, unless something else is said."""
    needle = {"search_type": "by_channel_name", "keywords": list(keywords)}
    return client.ask("POST", "/chat/channels/search", json={"needle": needle, "haystack": "all", **more})


def names(answer: httpx.Response) -> set[str]:
    """What was found."""
    return {row["name"] for row in answer.raise_for_status().json()["channels"]}


@pytest.mark.parametrize(
    ("keywords", "more", "found"),
    [
        (["SPRING"], {}, {"Spring launch", "spring-cleaning"}),
        (["spring", "launch"], {}, {"Spring launch"}),
        (["spring", "launch"], {"include_archived": True}, {"Spring launch", "Launch in spring"}),
        (["spring"], {"haystack": "public"}, {"Spring launch"}),
        (["spring"], {"haystack": "user_joined", "user_id": "ravi@acme.example"}, {"spring-cleaning"}),
        (["autumn"], {}, set()),
    ],
)
def test_words_are_found_in_names(
    client: Client, searched: Cast, keywords: list[str], more: dict[str, object], found: set[str]
) -> None:
    """All of them, in any case; archived channels only when asked for, deleted ones never."""
    assert names(search(client, *keywords, **more)) == found


def test_a_whole_name_is_found_exactly(client: Client, searched: Cast) -> None:
    """In its own case; a found channel says how many are in it."""
    body: dict[str, Any] = {"haystack": "all", "needle": {"search_type": "by_channel_name_exact_match"}}
    body["needle"]["channel_name"] = "spring-cleaning"
    row = client.ask("POST", "/chat/channels/search", json=body).json()["channels"][0]
    assert (row["name"], row["type"], row["member_count"]) == ("spring-cleaning", 1, 2)
    body["needle"]["channel_name"] = "Spring-cleaning"
    assert client.ask("POST", "/chat/channels/search", json=body).json()["channels"] == []


def test_results_come_in_pages(client: Client, cast: Cast) -> None:
    """Each once; the token is good for the same search only, and those someone has joined are one page."""
    for number in range(7):
        cast.world.open_channel(f"plan {number}", members=[cast.ravi], type=3)
    found: list[str] = []
    token = ""
    while True:
        page = search(client, "plan", page_size=3, next_page_token=token).json()
        found += [row["name"] for row in page["channels"]]
        token = page["next_page_token"]
        if not token:
            break
        other = search(client, "plan", page_size=4, next_page_token=token)
        assert (other.status_code, other.json()["code"]) == (400, 300)
    assert sorted(found) == [f"plan {number}" for number in range(7)]
    page = search(client, "plan", page_size=3, haystack="user_joined", user_id=cast.ravi.id).json()
    assert (len(page["channels"]), page["next_page_token"], page["page_size"]) == (3, "", 3)


@pytest.mark.parametrize(
    ("keywords", "more", "status", "code"),
    [
        (["two words"], {}, 400, 300),
        ([""], {}, 400, 300),
        (["a+b"], {}, 400, 300),
        (["\u2603"], {}, 400, 300),
        (["x"], {"haystack": "user_joined"}, 400, 300),
        (["x"], {"haystack": "user_joined", "user_id": "nobody"}, 404, 1001),
        (["x"], {"haystack": "mine"}, 400, 300),
        (["x"], {"page_size": 21}, 400, 300),
        (["x"], {"needle": {"search_type": "by_magic"}}, 400, 300),
        (["x"], {"next_page_token": "forged"}, 400, 300),
    ],
)
def test_what_cannot_be_searched(
    client: Client, keywords: list[str], more: dict[str, object], status: int, code: int
) -> None:
    """Words with spaces or signs in them, and somebody's channels without somebody."""
    answer = search(client, *keywords, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_words_may_be_of_any_script(client: Client, cast: Cast) -> None:
    """Letters, and the marks that belong to them."""
    cast.world.open_channel("हिन्दी 東京", members=[cast.ines], type=3)
    assert names(search(client, "हिन्दी", "東京")) == {"हिन्दी 東京"}
