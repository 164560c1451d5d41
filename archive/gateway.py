"""The only place that builds a Zoom client: for a connected account, or to try credentials out.

All processes of an installation share one token and one request budget an account through Redis. The client secret is
unsealed here and goes nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from redis import Redis

from archive import sealing
from archive.models import Account
from zoom.auth import Credentials
from zoom.budgets import Plan
from zoom.client import API_URL, OAUTH_URL, ZoomClient
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where an account is reached and what it may spend there."""

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
    credentials = Credentials(
        account_id=account.zoom_account_id,
        client_id=account.client_id,
        client_secret=sealing.unseal(bytes(account.sealed_client_secret)),
    )
    address = Address(
        api_url=account.api_url,
        oauth_url=account.oauth_url,
        plan=account.plan,
        budget_share=account.budget_share,
    )
    return _client(credentials, address, redis=Redis.from_url(settings.REDIS_URL))


def connect(*, credentials: Credentials, address: Address, name: str, now: datetime) -> tuple[Account, Grant]:
    """Ask for a token, and keep the account when Zoom gives one: added, or brought up to date.

    Raises ZoomError when the credentials are wrong or Zoom cannot be reached; then nothing is kept.
    """
    with _client(credentials, address, redis=None) as client:
        grant = grant_of(client.granted_scopes())
    kept = {
        "name": name,
        "client_id": credentials.client_id,
        "sealed_client_secret": sealing.seal(credentials.client_secret),
        "api_url": address.api_url,
        "oauth_url": address.oauth_url,
        "plan": address.plan,
        "budget_share": address.budget_share,
        "granted_scopes": sorted(grant.scopes),
        "is_active": True,
    }
    account, _ = Account.objects.update_or_create(
        zoom_account_id=credentials.account_id,
        defaults=kept,
        create_defaults={**kept, "connected_at": now},
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


def _client(credentials: Credentials, address: Address, *, redis: Redis | None) -> ZoomClient:
    return ZoomClient(
        credentials=credentials,
        api_url=address.api_url,
        oauth_url=address.oauth_url,
        plan=Plan(address.plan),
        budget_share=address.budget_share,
        redis=redis,
    )
