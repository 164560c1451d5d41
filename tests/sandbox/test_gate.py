"""What the sandbox refuses: wrong credentials, missing scopes, haste, stale page tokens."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from sandbox import server
from sandbox.instance import Account
from sandbox.limits import Label, Limits, Plan
from sandbox.tokens import Credentials
from sandbox.wire import Refusal
from tests.sandbox.conftest import Cast, Client, ms

WINDOW = {"from_": "2026-05-01", "to": "2026-05-20"}
FORM = {"grant_type": "account_credentials", "account_id": "acme"}


@pytest.fixture
def strict(cast: Cast, loopback: None) -> Iterator[httpx.Client]:
    """A sandbox that accepts one app of one account only."""
    account = Account(credentials=Credentials("app", "secret", "acme"))
    with (
        server.running(cast.world, account=account) as sandbox,
        httpx.Client(base_url=sandbox.url, timeout=60) as http,
    ):
        yield http


def test_the_right_credentials_get_a_token(strict: httpx.Client) -> None:
    """Bearer, an hour, the granted scopes and where the API is."""
    answer = strict.post("/oauth/token", data=FORM, auth=("app", "secret")).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert "report_chat:read:admin" in answer["scope"].split()
    assert answer["api_url"] == str(strict.base_url).rstrip("/")


@pytest.mark.parametrize(
    ("auth", "form", "status", "error"),
    [
        (("app", "wrong"), FORM, 401, "invalid_client"),
        (("other", "secret"), FORM, 401, "invalid_client"),
        (None, FORM, 401, "invalid_client"),
        (("app", "secret"), {**FORM, "account_id": "other"}, 400, "invalid_grant"),
        (("app", "secret"), {**FORM, "grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_wrong_credentials_are_refused(
    strict: httpx.Client, auth: tuple[str, str] | None, form: dict[str, str], status: int, error: str
) -> None:
    """Each with the reason and the error of the token endpoint."""
    answer = strict.post("/oauth/token", data=form, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_token_dies_after_an_hour_and_a_new_one_lives(client: Client, cast: Cast) -> None:
    """401 with code 124, by the world's clock."""
    cast.world.clock.advance(seconds=3600)
    answer = client.get("/report/chat/sessions", **WINDOW)
    assert (answer.status_code, answer.json()["code"]) == (401, 124)
    client.token = client.fetch_token()
    assert client.get("/report/chat/sessions", **WINDOW).status_code == 200


def test_a_request_without_a_token_is_refused(client: Client) -> None:
    """401, whatever it asks for."""
    assert client.http.get("/v2/report/chat/sessions").status_code == 401


def test_revoking_takes_back_every_token(client: Client) -> None:
    """The control room can do it."""
    assert client.control("revoke", {}) == {"revoked": 1}
    assert client.get("/report/chat/sessions", **WINDOW).json()["code"] == 124


def test_a_missing_scope_is_named(cast: Cast, loopback: None) -> None:
    """400 with code 4711 and the scopes that would do."""
    with server.running(cast.world, account=Account(scopes=frozenset({"chat:read"}))) as sandbox:
        answer = Client(sandbox).get("/report/chat/sessions", **WINDOW)
    assert (answer.status_code, answer.json()["code"]) == (400, 4711)
    assert "report_chat:read:admin" in answer.json()["message"]


def test_either_generation_of_scopes_will_do(cast: Cast, loopback: None) -> None:
    """The granular scope alone opens the operation."""
    scopes = frozenset({"report:read:list_chat_sessions:admin"})
    with server.running(cast.world, account=Account(scopes=scopes)) as sandbox:
        assert Client(sandbox).get("/report/chat/sessions", **WINDOW).status_code == 200


def test_too_much_haste_is_refused_and_says_what_is_left(cast: Cast, loopback: None) -> None:
    """The third request of a second on the free plan, a second later not any more; the headers count down."""
    moment = datetime(2026, 5, 20, 12, tzinfo=UTC).timestamp()
    with server.running(cast.world, account=Account(plan=Plan.FREE)) as sandbox:
        sandbox.instance.limits = Limits(plan=Plan.FREE, real_time=lambda: moment)
        client = Client(sandbox)
        answers = [client.get("/report/chat/sessions", **WINDOW) for _ in range(3)]
        moment += 1
        assert client.get("/report/chat/sessions", **WINDOW).status_code == 200
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert "per-second" in answers[2].json()["message"]


def test_a_day_has_an_end_too() -> None:
    """Beyond the day's allowance the refusal names the next midnight."""
    now = datetime(2026, 5, 20, 12, tzinfo=UTC).timestamp()
    clock = iter(range(10_000))
    limits = Limits(plan=Plan.FREE, real_time=lambda: now + next(clock))
    for _ in range(2000):
        limits.spend(Label.MEDIUM)
    with pytest.raises(Refusal, match="daily rate limit") as refused:
        limits.spend(Label.MEDIUM)
    assert refused.value.headers is not None
    assert refused.value.headers["Retry-After"] == "2026-05-21T00:00:00Z"


def test_heavy_and_intensive_requests_share_a_day() -> None:
    """One allowance for both on the paid plans."""
    clock = iter(range(0, 10**7, 7))
    limits = Limits(plan=Plan.PRO, real_time=lambda: 86_400 * 20_000 + next(clock) / 1000)
    for _ in range(3):
        limits.spend(Label.HEAVY)
    limits.spend(Label.RESOURCE_INTENSIVE)
    assert limits._today == {"shared": 4}


def page_of_two(client: Client, cast: Cast) -> tuple[str, str]:
    """The path of a window with three messages, and the token after its first two."""
    for number in range(3):
        cast.world.say(cast.general, cast.ines, str(number), at=ms("2026-05-10") + number)
    path = f"/report/chat/sessions/{cast.general.id}"
    return path, client.get(path, **WINDOW, page_size=2).json()["next_page_token"]


def test_a_page_token_goes_on(client: Client, cast: Cast) -> None:
    """With the same parameters, within a quarter of an hour."""
    path, token = page_of_two(client, cast)
    cast.world.clock.advance(seconds=899)
    assert len(client.get(path, **WINDOW, page_size=2, next_page_token=token).json()["messages"]) == 1


def test_a_page_token_dies_after_fifteen_minutes(client: Client, cast: Cast) -> None:
    """400 with code 300."""
    path, token = page_of_two(client, cast)
    cast.world.clock.advance(seconds=900)
    answer = client.get(path, **WINDOW, page_size=2, next_page_token=token)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


@pytest.mark.parametrize("change", [{"page_size": 3}, {"to": "2026-05-19"}, {"include_reactions": "true"}])
def test_a_page_token_belongs_to_its_parameters(
    client: Client, cast: Cast, change: dict[str, object]
) -> None:
    """Another size, window or option: refused."""
    path, token = page_of_two(client, cast)
    query = {**WINDOW, "page_size": 2, "next_page_token": token, **change}
    assert client.get(path, **query).json()["code"] == 300


@pytest.mark.parametrize("token", ["x", "!!", "A" * 64, "日本"])
def test_a_forged_page_token_is_refused(client: Client, token: str) -> None:
    """Nothing but what the sandbox itself signed."""
    assert client.get("/report/chat/sessions", **WINDOW, next_page_token=token).json()["code"] == 300


def test_operations_it_does_not_have_are_not_found(client: Client) -> None:
    """404 in the API's own shape."""
    answer = client.get("/chat/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, 404)
