"""How the sandbox misbehaves on request, and the count of what it did.

A rule names a kind, the operation it befalls (`*`: every one the kind makes sense for) and when: at the nth
suitable request, at every nth, or with a probability drawn from the plan's seed. Counting is per rule. The
written form is `KIND[@OPERATION][:key=value,…]`, rules parted by `;`, with an optional `seed=N`:

    seed=7;rate_second@reportChatMessages:p=0.02;cut_body:nth=3+9;slow_body:every=50,seconds=1

The kinds that begin with `webhook_` befall events on their way to a subscriber, and are narrowed by the name of
an event; all others befall requests.

Keys: `nth` (numbers joined by +), `every`, `p`, `times` (at most so often), `seconds` (delay, or how long a
429 lasts), `where` (`envelope` or `record`, for unknown_fields and wrong_types).
"""

import random
from collections.abc import Container
from dataclasses import dataclass, field
from enum import StrEnum

READ_REPORT = frozenset({"reportChatSessions", "reportChatMessages"})
DOWNLOADS = frozenset({"downloadFile", "downloadLegalHoldFiles"})
UPLOADS = frozenset({"uploadAChatFile", "sendChatFile", "addACustomEmoji"})
HANDSHAKE = "endpoint.url_validation"


class Kind(StrEnum):
    """What can go wrong."""

    RATE_SECOND = "rate_second"
    RATE_DAY = "rate_day"
    ERROR_500 = "error_500"
    BAD_GATEWAY = "bad_gateway"
    CUT_BODY = "cut_body"
    SLOW_BODY = "slow_body"
    LOST_REPLY = "lost_reply"
    REVOKED_TOKEN = "revoked_token"
    DEAD_PAGE_TOKEN = "dead_page_token"
    REPEATED_PAGE = "repeated_page"
    UNKNOWN_FIELDS = "unknown_fields"
    WRONG_TYPES = "wrong_types"
    FILE_VANISHED = "file_vanished"
    FILE_CORRUPTED = "file_corrupted"
    HOLD_NOT_READY = "hold_not_ready"
    HOLD_NO_RANGES = "hold_no_ranges"
    CUSTODIAN_GONE = "custodian_gone"
    REDIRECTED_UPLOAD = "redirected_upload"
    WEBHOOK_LOST = "webhook_lost"
    WEBHOOK_LATE = "webhook_late"
    WEBHOOK_REPEATED = "webhook_repeated"
    WEBHOOK_OUT_OF_ORDER = "webhook_out_of_order"
    WEBHOOK_BAD_SIGNATURE = "webhook_bad_signature"
    WEBHOOK_STALE = "webhook_stale"
    WEBHOOK_HANDSHAKE_LATE = "webhook_handshake_late"
    WEBHOOK_HANDSHAKE_ABSENT = "webhook_handshake_absent"


_ONLY: dict[Kind, frozenset[str]] = {
    Kind.UNKNOWN_FIELDS: READ_REPORT,
    Kind.WRONG_TYPES: READ_REPORT,
    Kind.FILE_VANISHED: frozenset({"downloadFile"}),
    Kind.FILE_CORRUPTED: DOWNLOADS,
    Kind.HOLD_NOT_READY: frozenset({"listLegalHoldFiles"}),
    Kind.HOLD_NO_RANGES: frozenset({"downloadLegalHoldFiles"}),
    Kind.CUSTODIAN_GONE: frozenset({"listLegalHoldFiles"}),
    Kind.REDIRECTED_UPLOAD: UPLOADS,
}
_OF_EVENTS = frozenset(kind for kind in Kind if kind.startswith("webhook_"))
_OF_HANDSHAKES = frozenset({Kind.WEBHOOK_HANDSHAKE_LATE, Kind.WEBHOOK_HANDSHAKE_ABSENT})
_NEEDS_PAGE_TOKEN = frozenset({Kind.DEAD_PAGE_TOKEN, Kind.REPEATED_PAGE})
_NOT_ON_FILE_HOST = frozenset({Kind.RATE_SECOND, Kind.RATE_DAY, Kind.REVOKED_TOKEN})


class UnreadableFault(ValueError):
    """A fault specification that cannot be read; the sentence says which part."""


@dataclass(slots=True)
class Rule:
    """One way to misbehave, and when."""

    kind: Kind
    operation: str = "*"
    nth: frozenset[int] = frozenset()
    every: int | None = None
    p: float = 0.0
    times: int | None = None
    seconds: float = 2.0
    where: str = "envelope"
    fired: int = 0
    seen: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def suits(self, operation: str, *, has_page_token: bool) -> bool:
        """Whether the fault makes sense for a request."""
        if self.operation not in ("*", operation):
            return False
        if self.kind in _OF_EVENTS or "." in operation:
            return self.kind in _OF_EVENTS and "." in operation and self._suits_event(operation)
        if self.kind in _NEEDS_PAGE_TOKEN:
            return has_page_token
        if operation == "downloadFile" and self.kind in _NOT_ON_FILE_HOST:
            return False
        return operation in _ONLY.get(self.kind, frozenset({operation}))

    def _suits_event(self, event: str) -> bool:
        """A handshake is spared what befalls all events, unless it is named."""
        if self.kind in _OF_HANDSHAKES:
            return event == HANDSHAKE
        return event != HANDSHAKE or self.operation == HANDSHAKE

    def strikes(self) -> bool:
        """Count a suitable request; whether it is hit."""
        self.seen += 1
        hit = self.seen in self.nth or (self.every is not None and self.seen % self.every == 0)
        if self.p > 0:
            hit = self.chance.random() < self.p or hit
        if not hit or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True


class Faults:
    """The rules in force, the files that vanished, and the count of every kind that fired."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.fired: dict[str, int] = dict.fromkeys(Kind, 0)
        self.vanished: set[str] = set()

    def add(self, rules: list[Rule], *, seed: int = 1) -> None:
        """Put rules in force beside those already there."""
        for rule in rules:
            rule.chance = random.Random(f"{seed}:{len(self.rules)}:{rule.kind}")
            self.rules.append(rule)

    def clear(self) -> None:
        """Stop misbehaving: vanished files are back; the counts of what fired stay."""
        self.rules = []
        self.vanished = set()

    def strike(
        self, operation: str, *, has_page_token: bool, among: Container[Kind] = frozenset(Kind)
    ) -> dict[Kind, Rule]:
        """Which faults befall a request or an event, of the kinds that can at this point."""
        if not self.rules:
            return {}
        hits: dict[Kind, Rule] = {}
        for rule in self.rules:
            if rule.kind not in among:
                continue
            if rule.suits(operation, has_page_token=has_page_token) and rule.strikes():
                hits[rule.kind] = rule
                self.fired[rule.kind] += 1
        return hits


def read(text: str) -> tuple[list[Rule], int]:
    """The rules and the seed of a written specification."""
    rules, seed = [], 1
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        if part.startswith("seed="):
            seed = int(part.removeprefix("seed="))
            continue
        head, _, options = part.partition(":")
        kind, _, operation = head.partition("@")
        pairs = dict(pair.partition("=")[::2] for pair in options.split(",") if pair)
        rules.append(rule_of({"kind": kind, "operation": operation or "*", **pairs}))
    return rules, seed


def rule_of(fields: dict[str, object]) -> Rule:
    """One rule from its fields, as the control endpoint and the written form give them."""
    given = {name: str(value) for name, value in fields.items() if not isinstance(value, list)}
    listed = fields.get("nth")
    numbers = list(map(str, listed)) if isinstance(listed, list) else given.get("nth", "").split("+")
    try:
        rule = Rule(
            kind=Kind(given.pop("kind", "")),
            operation=given.pop("operation", "*"),
            nth=frozenset(int(one) for one in numbers if one),
            every=int(given["every"]) if "every" in given else None,
            p=float(given.get("p", 0)),
            times=int(given["times"]) if "times" in given else None,
            seconds=float(given.get("seconds", 2)),
            where=given.get("where", "envelope"),
        )
    except ValueError as error:
        raise UnreadableFault(f"not a fault: {fields!r} ({error})") from error
    unknown = set(given) - {"nth", "every", "p", "times", "seconds", "where"}
    if unknown:
        raise UnreadableFault(f"not a fault: unknown key {sorted(unknown)[0]!r} in {fields!r}")
    return rule
