"""One running sandbox: the world and the rules of the account it is asked through."""

import secrets
from dataclasses import dataclass, field

from sandbox.downloads import Links
from sandbox.faults import Faults
from sandbox.files import StoredFile
from sandbox.limits import Limits, Plan
from sandbox.operations.table import CLASSIC_SCOPES
from sandbox.pages import Pages
from sandbox.reports import Report, Source
from sandbox.tokens import Credentials, Tokens
from sandbox.webhooks.courier import Courier
from sandbox.world import World


@dataclass(frozen=True)
class Account:
    """How the account is set up: plan, the app's credentials and scopes, whether limits are kept."""

    plan: Plan = Plan.BUSINESS
    credentials: Credentials = field(default_factory=Credentials)
    scopes: frozenset[str] = CLASSIC_SCOPES
    rate_limit: bool = True


class Instance:
    """Everything a request needs to be answered."""

    def __init__(self, world: World, *, account: Account, source: Source | None = None) -> None:
        secret = secrets.token_bytes(32)
        self.world = world
        self.clock = world.clock
        self.report: Source = Report(world) if source is None else source
        self.is_computed = source is not None
        self.tokens = Tokens(clock=world.clock, credentials=account.credentials, scopes=account.scopes)
        self.limits = Limits(plan=account.plan, enabled=account.rate_limit)
        self.pages = Pages(clock=world.clock, secret=secret)
        self.links = Links(clock=world.clock, secret=secret)
        self.faults = Faults()
        self.webhooks = Courier(world, faults=self.faults, account_id=account.credentials.account_id)
        self.requests: dict[str, int] = {}

    def find_file(self, file_id: str) -> StoredFile | None:
        """A file that is there; None when it never was, or has vanished."""
        if file_id in self.faults.vanished:
            return None
        return self.report.file(file_id)
