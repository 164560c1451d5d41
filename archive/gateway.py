"""The only place that builds a Zoom client: for a connected account, or to try credentials out.

All processes of an installation share one token and one request budget an account through Redis. The client secret is
unsealed here and goes nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis

from archive import sealing
from archive.models import Account
from zoom.auth import Credentials
from zoom.budgets import Plan
from zoom.client import API_URL, OAUTH_URL, ZoomClient
from zoom.errors import InvalidCredentials, ZoomError
from zoom.operations import table

NEEDED: Mapping[str, tuple[str, ...]] = {
    "the chat reports (messages and sessions)": ("reportChatSessions", "reportChatMessages"),
    "files": ("getFileInfo",),
    "forwarded messages": ("getForwardedMessage",),
    "channels, their members, retention and joins and leaves": (
        "getAccountChannels",
        "getChannelRetention",
        "listAllChannelActivityLogs",
    ),
    "the company directory": ("searchCompanyContacts",),
    "custom emoji": ("listCustomEmojis",),
    "legal hold matters and their files": ("listLegalHoldMatters", "listLegalHoldFiles"),
}
"""What capture reads, in the words of people, and the operations each takes."""


PLANS = tuple(Account.Plan.values)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
__all__ = [
    "API_URL",
    "NEEDED",
    "OAUTH_URL",
    "PLANS",
    "App",
    "CannotConnect",
    "Grant",
    "client_for",
    "connect",
    "grant_of",
    "plan_of",
]


class CannotConnect(Exception):
    """Zoom gave no token; the sentence says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A server-to-server app: its credentials, where its account is reached and what it may spend there."""

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    api_url: str = API_URL
    oauth_url: str = OAUTH_URL
    plan: str = Account.Plan.BUSINESS
    budget_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token of the account allows."""

    scopes: frozenset[str]
    allowed: tuple[str, ...]
    refused: Mapping[str, tuple[str, ...]]
    """What cannot be read, with the scopes of which one each would be enough."""


def client_for(account: Account) -> ZoomClient:
    """A client of the account, to be closed by the caller. Raises sealing.SealBroken."""
    app = App(
        account_id=account.zoom_account_id,
        client_id=account.client_id,
        client_secret=sealing.unseal(bytes(account.sealed_client_secret)),
        api_url=account.api_url,
        oauth_url=account.oauth_url,
        plan=account.plan,
        budget_share=account.budget_share,
    )
    return _client(app, redis=Redis.from_url(settings.REDIS_URL))


def connect(app: App, *, name: str, now: datetime) -> tuple[Account, Grant]:
    """Ask for a token, and keep the account when Zoom gives one: added, or brought up to date.

    Raises CannotConnect when the credentials are wrong or Zoom cannot be reached; then nothing is kept.
    """
    try:
        with _client(app, redis=None) as client:
            grant = grant_of(client.granted_scopes())
    except InvalidCredentials as error:
        raise CannotConnect(f"Zoom refuses these credentials: {error}") from error
    except ZoomError as error:
        raise CannotConnect(f"Zoom could not be asked for a token: {error}") from error
    kept = {
        "name": name,
        "client_id": app.client_id,
        "sealed_client_secret": sealing.seal(app.client_secret),
        "api_url": app.api_url,
        "oauth_url": app.oauth_url,
        "plan": app.plan,
        "budget_share": app.budget_share,
        "granted_scopes": sorted(grant.scopes),
        "is_active": True,
    }
    account, _ = Account.objects.update_or_create(
        zoom_account_id=app.account_id, defaults=kept, create_defaults={**kept, "connected_at": now}
    )
    return account, grant


def grant_of(scopes: frozenset[str]) -> Grant:
    """Which of the things that capture reads these scopes allow."""
    refused = {
        words: tuple(
            scope
            for operation in table.not_allowed(granted=scopes, operations=operations)
            for scope in (*operation.granular, *operation.scopes)
        )
        for words, operations in NEEDED.items()
    }
    missing = {words: needed for words, needed in refused.items() if len(needed) > 0}
    return Grant(scopes, tuple(words for words in NEEDED if words not in missing), missing)


def _client(app: App, *, redis: Redis | None) -> ZoomClient:
    return ZoomClient(
        credentials=Credentials(
            account_id=app.account_id, client_id=app.client_id, client_secret=app.client_secret
        ),
        api_url=app.api_url,
        oauth_url=app.oauth_url,
        plan=plan_of(app),
        budget_share=app.budget_share,
        redis=redis,
    )


def plan_of(app: App) -> Plan:
    """The plan whose limits are kept: the account's, or none at all when a benchmark's sandbox is asked.

    The setting counts for accounts on this very machine only; Zoom itself is never asked faster than allowed.
    """
    is_here = urlsplit(app.api_url).hostname in LOOPBACK
    return Plan.UNMETERED if settings.HOLDFAST_UNMETERED and is_here else Plan(app.plan)
