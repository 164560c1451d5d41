"""The only place that builds a Zoom client: for a connected account, or to try credentials out.

All processes of an installation share one token and one request budget an account through Redis. The client secret is
unsealed here and goes nowhere else.
"""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis

from archive import features, sealing
from archive.models import Account
from zoom.auth import Credentials
from zoom.budgets import Plan
from zoom.client import API_URL, OAUTH_URL, ZoomClient
from zoom.errors import InvalidCredentials, ZoomError

PLANS = tuple(Account.Plan.values)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
__all__ = [
    "API_URL",
    "OAUTH_URL",
    "PLANS",
    "App",
    "CannotConnect",
    "NoAccount",
    "client_for",
    "client_of",
    "connect",
    "look_at_scopes",
    "plan_of",
]


class CannotConnect(Exception):
    """Zoom gave no token; the sentence says why."""


class NoAccount(Exception):
    """The account is not connected any more, or its secret cannot be unsealed; the sentence says which."""


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


def client_of(account_id: int) -> ZoomClient:
    """A client of the account with that key, to be closed by the caller; for the console. Raises NoAccount."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NoAccount("The Zoom account is not connected any more.")
    try:
        return client_for(account)
    except sealing.SealBroken as error:
        raise NoAccount("The Zoom client secret cannot be unsealed: connect the account again.") from error


def connect(app: App, *, name: str, now: datetime) -> tuple[Account, features.Grant]:
    """Ask for a token, and keep the account when Zoom gives one: added, or brought up to date.

    Raises CannotConnect when the credentials are wrong or Zoom cannot be reached; then nothing is kept.
    """
    try:
        with _client(app, redis=None) as client:
            grant = features.grant_of(client.granted_scopes())
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
        "scopes_looked_at": now,
        "scopes_seen_at": now,
        "token_error": "",
        "is_active": True,
    }
    account, _ = Account.objects.update_or_create(
        zoom_account_id=app.account_id, defaults=kept, create_defaults={**kept, "connected_at": now}
    )
    return account, grant


def look_at_scopes(account: Account, *, now: datetime) -> None:
    """Ask for a new token and note what it allows, or why Zoom gives none.

    An app's scopes are changed at Zoom at any time, and its secret replaced; whoever looks here must see it before
    something fails. A token keeps the scopes it was given, hence a new one.
    """
    try:
        with client_for(account) as client:
            scopes = client.granted_scopes(fresh=True)
    except (ZoomError, sealing.SealBroken) as error:
        _note(account, token_error=str(error)[:500])
        return
    _note(account, granted_scopes=sorted(scopes), scopes_seen_at=now, token_error="")


def _note(account: Account, **seen: object) -> None:
    Account.objects.filter(pk=account.pk).update(**seen)


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
