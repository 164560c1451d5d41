"""A Zoom account, as Python: one client, the operations in groups.

    with ZoomClient(credentials=Credentials(...), redis=redis) as zoom:
        for page in zoom.reports.sessions(start=first, end=last):
            for session in page.sessions: ...

It promises to keep to its share of the account's request budget across all processes given the same Redis, to
hand on every reply with its exact bytes, and to bound every wait and every body. It must never put a token
into a log, a `repr` or an error, nor send the bearer token anywhere but to the API itself.

A client is safe between threads and must be closed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import httpx
from redis import Redis

from zoom.auth import AccountToken, Credentials, OwnToken, SharedToken
from zoom.bodies import SmallErrors
from zoom.budgets import OwnBudget, Plan, SharedBudget
from zoom.calls import Caller
from zoom.errors import RequestNote
from zoom.facts.rows import Host
from zoom.operations import table
from zoom.operations.account_channels import AccountChannels
from zoom.operations.channels import Channels
from zoom.operations.contacts import Contacts
from zoom.operations.emoji import Emoji
from zoom.operations.files import Files
from zoom.operations.im_chat import ImChat
from zoom.operations.im_groups import ImGroups
from zoom.operations.invitations import Invitations
from zoom.operations.kept import Kept
from zoom.operations.legal_hold import LegalHold
from zoom.operations.mention_groups import MentionGroups
from zoom.operations.messages import Messages
from zoom.operations.migration import Migration
from zoom.operations.reminders import Reminders
from zoom.operations.reports import Reports
from zoom.operations.sessions import Sessions
from zoom.operations.spaces import Spaces
from zoom.pacing import PacedTransport

API_URL = "https://api.zoom.us/v2"
FILE_URL = "https://file.zoom.us/v2"
EMOJI_URL = "https://fileapi.zoom.us/v2"
OAUTH_URL = "https://zoom.us/oauth/token"
BODY_LIMIT_BYTES = 32 * 1024**2
PATIENCE = timedelta(seconds=60)

# httpx writes every address into its log, httpcore every header: download addresses hold tokens.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def _now() -> datetime:
    return datetime.now(UTC)


def _file_hosts(*, api_url: str, file_url: str | None, emoji_url: str | None) -> dict[Host, str]:
    is_zoom = api_url == API_URL
    return {
        Host.FILE: (file_url or (FILE_URL if is_zoom else api_url)).rstrip("/"),
        Host.EMOJI: (emoji_url or (EMOJI_URL if is_zoom else api_url)).rstrip("/"),
    }


class ZoomClient:
    """An account's operations, in a group for each tag of the API: `reports`, `legal_hold`, `messages`, ….

    `budget_share` is the part of the plan's request budget that may be used, over 0 and at most 1. Without
    `redis` token and budget are this client's own. `patience` is the longest wait for a turn; a longer one
    raises `RateLimited` with the moment. `file_url` and `emoji_url` are the hosts that take files; left out they
    are Zoom's, or the API's own when the API is not at `API_URL`. `transport`, `clock` and `sleep` are the seams
    for tests.
    """

    def __init__(
        self,
        *,
        credentials: Credentials,
        api_url: str = API_URL,
        oauth_url: str = OAUTH_URL,
        file_url: str | None = None,
        emoji_url: str | None = None,
        plan: Plan = Plan.BUSINESS,
        budget_share: float = 0.5,
        redis: Redis | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
        patience: timedelta = PATIENCE,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        timeout_s: float = 30.0,
    ) -> None:
        api_url = api_url.rstrip("/")
        budget = (
            OwnBudget(plan=plan, share=budget_share, clock=clock)
            if redis is None or plan is Plan.UNMETERED
            else SharedBudget(
                redis=redis, account=f"{api_url} {credentials.account_id}", plan=plan, share=budget_share
            )
        )
        store = (
            OwnToken()
            if redis is None
            else SharedToken(redis=redis, name=credentials.fingerprint(oauth_url=oauth_url))
        )
        inner = SmallErrors(httpx.HTTPTransport() if transport is None else transport)
        self._http = httpx.Client(
            transport=PacedTransport(inner, budget=budget, patience=patience, clock=clock, sleep=sleep),
            timeout=httpx.Timeout(timeout_s, connect=min(10.0, timeout_s)),
            headers={"User-Agent": "Holdfast", "Accept": "application/json, */*"},
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would bypass the pacing
        )
        self._token = AccountToken(
            credentials=credentials, oauth_url=oauth_url, store=store, clock=clock, sleep=sleep
        )
        self._caller = Caller(
            http=self._http,
            auth=self._token,
            api_url=api_url,
            clock=clock,
            sleep=sleep,
            patience=patience,
            body_limit_bytes=body_limit_bytes,
            hosts=_file_hosts(api_url=api_url, file_url=file_url, emoji_url=emoji_url),
        )
        self._open_groups()

    def _open_groups(self) -> None:
        self.reports = Reports(self._caller)
        self.legal_hold = LegalHold(self._caller)
        self.account_channels = AccountChannels(self._caller)
        self.channels = Channels(self._caller)
        self.mention_groups = MentionGroups(self._caller)
        self.spaces = Spaces(self._caller)
        self.messages = Messages(self._caller)
        self.kept = Kept(self._caller)
        self.files = Files(self._caller)
        self.sessions = Sessions(self._caller)
        self.reminders = Reminders(self._caller)
        self.emoji = Emoji(self._caller)
        self.contacts = Contacts(self._caller)
        self.invitations = Invitations(self._caller)
        self.im_chat = ImChat(self._caller)
        self.im_groups = ImGroups(self._caller)
        self.migration = Migration(self._caller)

    def granted_scopes(self, *, fresh: bool = False) -> frozenset[str]:
        """The scopes that the account's token carries.

        A token keeps the scopes it was given: after somebody changed the app's scopes, a `fresh` one has them.
        """
        note = RequestNote("token", "POST", "/oauth/token")

        def once() -> frozenset[str]:
            token = self._token.current(
                lambda request: self._caller.send(request, note=note, auth=None), fresh=fresh
            )
            return frozenset(token.scopes)

        return self._caller.patiently(once, safe_to_repeat=True)

    def can(self, operation: str) -> bool:
        """Whether the account's token allows an operation, named by its API id such as `reportChatSessions`.

        Raises KeyError for an id that is none, and what asking for a token raises.
        """
        return table.OPERATIONS[operation].is_allowed_by(self.granted_scopes())

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
