"""Brings the events of a world to its subscriber: hears deeds, shakes hands, posts, and tries again.

Nothing is delivered to an endpoint that has not proved, within three seconds, that it knows the secret; it must
prove so again every 72 hours of world time. A delivery is done when 200 or 204 comes back within three seconds.
Waiting is measured by the world's clock, deadlines and the signed timestamp by the real one: a subscriber lives in
real time. No deed ever fails, and no reply ever waits, because of a subscriber.
"""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox import identity, wire
from sandbox.faults import HANDSHAKE, Faults, Kind, Rule
from sandbox.webhooks import orders, posting, signature
from sandbox.webhooks.causes import CAUSES, INSTEAD_OF, Cause
from sandbox.webhooks.occasion import Fields, Occasion
from sandbox.webhooks.orders import Order
from sandbox.webhooks.outbox import Outbox, Parcel
from sandbox.webhooks.space_memory import SpaceMemory
from sandbox.webhooks.subscription import Count, Subscription, Tally
from sandbox.webhooks.table import EVENTS
from sandbox.world import World

ANSWER_SECONDS = 3.0
HANDSHAKE_EVERY_SECONDS = 72 * 60 * 60
HANDSHAKE_AGAIN_SECONDS = 60
_LOOK_SECONDS = 0.02
_DONE = frozenset({200, 204})
_AT_THE_DOOR = frozenset({Kind.WEBHOOK_BAD_SIGNATURE, Kind.WEBHOOK_STALE})
_BEFORE_IT = frozenset({Kind.WEBHOOK_HANDSHAKE_LATE, Kind.WEBHOOK_HANDSHAKE_ABSENT})


@dataclass(slots=True)
class _Standing:
    """How a subscriber stands with the handshake."""

    validated_at: int | None = None
    due_ms: int = 0
    is_late: bool = False
    sent: int = 0
    refused: int = 0


class Courier:
    """The subscription of a world, if there is one, and what is on its way to it."""

    def __init__(self, world: World, *, faults: Faults, account_id: str | None = None) -> None:
        self._world, self._faults = world, faults
        self._account_id = identity.short(world.seed, "account") if account_id is None else account_id
        self.subscription: Subscription | None = None
        self._handshaking = asyncio.Lock()
        self._subscribed = asyncio.Event()
        self._causes: dict[str, Cause] = {}
        self._inner: list[tuple[str, Fields]] = []  # deeds done within one that is not over yet
        self._forget()

    # -- who is told ---------------------------------------------------------------------------------

    def subscribe(self, subscription: Subscription) -> None:
        """From now on tell this subscriber and no other, once it has validated."""
        self._forget()
        self.subscription = subscription
        self._causes = {**CAUSES, **SpaceMemory(self._world).causes()}
        self._subscribed.set()

    def unsubscribe(self) -> None:
        """Tell nobody; what waits is forgotten."""
        self._forget()
        self._subscribed.clear()

    def state(self) -> Fields:
        """What the control room shows of it."""
        one = self.subscription
        return {
            "url": None if one is None else one.url,
            "events": [] if one is None else sorted(one.events),
            "at_once": None if one is None else one.at_once,
            "validated": self._standing.validated_at is not None,
            "validated_at": self._standing.validated_at,
            "handshakes": {"sent": self._standing.sent, "refused": self._standing.refused},
            "waiting": len(self._outbox),
            "under_way": self._flying,
            "total": self._tally.total(),
            "by_event": self._tally.by_event(),
        }

    # -- what happens --------------------------------------------------------------------------------

    def hear(self, deed: str, fields: Fields) -> None:
        """A deed was done; it is told when the deed it is part of is over too."""
        if self.subscription is None:
            return
        self._inner.append((deed, dict(fields)))
        if self._world.is_amid_a_deed:
            return
        done, self._inner = self._inner, []
        unsaid = frozenset[str]().union(*(INSTEAD_OF.get(name, frozenset()) for name, _ in done))
        for name, told in done:
            if name in self._causes and name not in unsaid:
                self._tell(name, told)

    def order(self, order: Order) -> tuple[Fields, bool]:
        """An event from the control room, and whether it was put on its way; Unknown when it cannot be made."""
        occasion = orders.occasion(self._world, order, account_id=self._account_id)
        event = EVENTS[order.event].body(order.event, occasion)
        return event, self._put(order.event, event)

    def _tell(self, deed: str, fields: Fields) -> None:
        subscription = self.subscription
        try:
            for name, told in self._causes[deed](self._world, fields):
                if subscription is not None and name in subscription.events:
                    occasion = Occasion(self._world, self._account_id, told)
                    self._put(name, EVENTS[name].body(name, occasion))
        except (LookupError, TypeError, ValueError, AttributeError):
            # the deed is done: what cannot be told of it is counted, never raised into it
            self._tally.add(deed, Count.UNTOLD)

    def _put(self, name: str, event: Fields) -> bool:
        if self.subscription is None or name not in self.subscription.events:
            return False
        if self._standing.validated_at is None:
            self._tally.add(name, Count.WITHHELD)
            return False
        self._outbox.put(name, wire.encode(event))
        return True

    # -- the handshake -------------------------------------------------------------------------------

    async def validate(self, *, now: bool = False) -> bool:
        """Ask the endpoint to prove that it knows the secret, when that is due or demanded."""
        async with self._handshaking:
            subscription, clock = self.subscription, self._world.clock
            if subscription is None:
                return False
            if now or clock.now_ms() >= self._standing.due_ms:
                await self._shake_hands(subscription)
            return self._standing.validated_at is not None

    async def _shake_hands(self, subscription: Subscription) -> None:
        clock, standing = self._world.clock, self._standing
        hits: dict[Kind, Rule] = {}
        if not standing.is_late:
            hits = self._faults.strike(HANDSHAKE, has_page_token=False, among=_BEFORE_IT)
        slow = hits.get(Kind.WEBHOOK_HANDSHAKE_LATE)
        if slow is not None:
            standing.is_late = True
            self._standing.due_ms = clock.now_ms() + round(slow.seconds * 1000)
            return
        standing.is_late = False
        if Kind.WEBHOOK_HANDSHAKE_ABSENT not in hits:
            proved = await self._asked(subscription)
            if self.subscription is not subscription:
                return
            standing.validated_at = clock.now_ms() if proved else None
            standing.refused += not proved
        wait = HANDSHAKE_AGAIN_SECONDS if standing.validated_at is None else HANDSHAKE_EVERY_SECONDS
        standing.due_ms = clock.now_ms() + wait * 1000

    async def _asked(self, subscription: Subscription) -> bool:
        self._standing.sent += 1
        plain = identity.short(self._world.seed, "plain token", self._standing.sent)
        event = {
            "event": HANDSHAKE,
            "event_ts": self._world.clock.now_ms(),
            "payload": {"plainToken": plain},
        }
        answer = await self._post(subscription, HANDSHAKE, wire.encode(event))
        if answer is None or answer.status != 200:
            return False
        try:
            said = json.loads(answer.body)
        except ValueError:
            return False
        proof = said.get("encryptedToken") if isinstance(said, dict) else None
        wanted = signature.encrypted(plain, secret=subscription.secret)
        return (
            isinstance(proof, str)
            and said.get("plainToken") == plain
            and hmac.compare_digest(proof.encode("utf-8", "replace"), wanted.encode())
        )

    # -- the delivery --------------------------------------------------------------------------------

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen and deliver for as long as the block lasts; what still waits at its end is not sent."""
        self._world.listeners.append(self.hear)
        task = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            self._world.listeners.remove(self.hear)
            task.cancel()
            await asyncio.wait([task])

    async def _go_on(self) -> None:
        while True:
            await self._subscribed.wait()
            if await self.validate():
                await self._deliver_what_is_due()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _deliver_what_is_due(self) -> None:
        subscription = self.subscription
        flying: set[asyncio.Task[None]] = set()
        try:
            while subscription is not None:
                while len(flying) < subscription.at_once:
                    parcel = self._next(subscription)
                    if parcel is None:
                        break
                    self._flying += 1
                    flying.add(asyncio.create_task(self._bring(subscription, parcel)))
                if not flying:
                    return
                _, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in flying:
                task.cancel()

    def _next(self, subscription: Subscription) -> Parcel | None:
        """What to bring next; nothing while a handshake is due."""
        if self.subscription is not subscription or self._world.clock.now_ms() >= self._standing.due_ms:
            return None
        return self._outbox.take()

    async def _bring(self, subscription: Subscription, parcel: Parcel) -> None:
        self._tally.add(parcel.event, Count.SENT)
        if parcel.attempts > 0:
            self._tally.add(parcel.event, Count.RETRIED)
        answer = await self._post(subscription, parcel.event, parcel.body)
        if self.subscription is not subscription:
            return
        self._flying -= 1
        if answer is not None and answer.status in _DONE:
            self._tally.add(parcel.event, Count.DELIVERED)
        else:
            self._outbox.again(parcel)

    async def _post(self, subscription: Subscription, event: str, body: bytes) -> posting.Answer | None:
        hits = self._faults.strike(event, has_page_token=False, among=_AT_THE_DOOR)
        moment, secret = int(time.time()), subscription.secret
        stale = hits.get(Kind.WEBHOOK_STALE)
        if stale is not None:
            moment -= round(stale.seconds)
        if Kind.WEBHOOK_BAD_SIGNATURE in hits:
            secret = f"not {secret}"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zoom Marketplace/1.0a",
            "x-zm-request-timestamp": str(moment),
            "x-zm-signature": signature.of(body, secret=secret, timestamp=str(moment)),
        }
        return await posting.post(subscription.url, body, headers=headers, seconds=ANSWER_SECONDS)

    # -- inside --------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """As if nobody had ever subscribed."""
        self.subscription = None
        self._standing = _Standing()
        self._tally = Tally()
        self._outbox = Outbox(clock=self._world.clock, faults=self._faults, tally=self._tally)
        self._flying = 0
