"""Six months of everyday talk, and the talk that goes on while the sandbox runs.

An exchange of a phrase bank is held by two to four people of a room, in their working hours, as plain
messages or as a thread. What people do to messages besides is in `habits.py`.
"""

import random
from datetime import date, timedelta

from sandbox import channel_rules
from sandbox.acme.cast import LEAVER, LEAVER_UNTIL_DAYS_AGO, Role
from sandbox.acme.habits import Habits
from sandbox.acme.room import Room
from sandbox.acme.slots import filled
from sandbox.acme.talk import BANKS, Exchange
from sandbox.clock import day_start_ms
from sandbox.conversations import Message
from sandbox.people import Person
from sandbox.world import World

HOUR_MS = 3_600_000
MESSAGES_AN_EXCHANGE = 3.2
WEEKEND = 0.06
_BOT_LINES = {
    "Deploy Bot": ("Deployed {version} to {host} ({commit})", "Build {version} passed, {big} tests, {n} s"),
    "Ticket Bot": ("{ticket} moved to Done by {name}", "{ticket} opened by {name}: {product} {part}"),
    "Stock Bot": ("{part}: {n} in stock, below the reorder point", "{po} received in {city}, {n} boxes"),
}
_BOT_FIELDS = {
    "Deploy Bot": {"Runbook": "rollback within the maintenance window"},
    "Ticket Bot": {"Board": "triage, oldest first"},
    "Stock Bot": {"Warehouse": "cold storage, aisle nine"},
}
"""What their cards say and the text of the message does not."""


class Chatter:
    """Everyday talk in a set of rooms."""

    def __init__(self, world: World, rooms: dict[str, Room], chance: random.Random) -> None:
        self._world = world
        self._rooms = list(rooms.values())
        self._weights = [room.weight for room in self._rooms]
        self._chance = chance
        self._habits = Habits(world, chance, [room.session for room in self._rooms])
        self._now = world.clock.now_ms()
        self._bags: dict[tuple[str, str], list[Exchange]] = {}
        self._unsaid: list[tuple[Room, Person, str]] = []

    def fill(self, *, first_day: date, last_day: date, messages: int) -> None:
        """About so many messages over the days, fewer at weekends."""
        days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
        weights = [WEEKEND if day.weekday() >= 5 else 1.0 for day in days]
        exchanges = messages / MESSAGES_AN_EXCHANGE
        for day, weight in zip(days, weights, strict=True):
            count = exchanges * weight / sum(weights)
            for _ in range(int(count) + (self._chance.random() < count % 1)):
                self._hold(self._room(), day, days_ago=(last_day - day).days)

    def act(self, world: World, chance: random.Random) -> None:
        """One thing that happens now: mostly somebody speaks, sometimes somebody does something else."""
        self._now = world.clock.now_ms()
        if chance.random() < 0.25 and self._habits.something(now=self._now):
            return
        if not self._unsaid or chance.random() < 0.3:
            room = self._room()
            if room.until_days_ago > 0:
                return
            exchange, people = self._exchange(room, days_ago=0)
            self._unsaid += [(room, person, text) for person, text in zip(people, exchange, strict=True)]
        room, person, text = self._unsaid.pop(0)
        if not channel_rules.is_open(world, room.session) or person.id not in room.session.member_ids:
            return
        message = world.say(room.session, person, text)
        if chance.random() < 0.04:
            self._habits.attach(message, now=self._now)

    def _room(self) -> Room:
        return self._chance.choices(self._rooms, self._weights)[0]

    def _hold(self, room: Room, day: date, *, days_ago: int) -> None:
        """One exchange on a day."""
        if days_ago <= room.until_days_ago:
            return
        if room.bots and self._chance.random() < 0.6:
            self._post(room, day)
            return
        exchange, people = self._exchange(room, days_ago=days_ago)
        first = next(role for role in room.roles if room.everybody[role.key] is people[0])
        at = self._office_hour(day, first)
        threaded = room.session.channel_id is not None and self._chance.random() < 0.3
        main: Message | None = None
        for person, text in zip(people, exchange, strict=True):
            if at >= self._now:
                return
            message = self._world.say(room.session, person, text, at=at, reply_to=main if threaded else None)
            main = message if main is None else main
            self._habits.perhaps(message, room, now=self._now)
            at += round(self._chance.expovariate(1 / 110_000)) + 4_000

    def _post(self, room: Room, day: date) -> None:
        """A bot reports something."""
        bot = self._chance.choice(room.bots)
        at = day_start_ms(day) + self._chance.randrange(6 * HOUR_MS, 20 * HOUR_MS)
        if at >= self._now:
            return
        names = [person.first_name for person in room.people]
        phrase = self._chance.choice(_BOT_LINES[bot.display_name])
        text = filled(phrase, chance=self._chance, names=names)
        message = self._world.say(room.session, bot, text, at=at)
        fields = [{"key": key, "value": value} for key, value in _BOT_FIELDS[bot.display_name].items()]
        body = [{"type": "message", "text": text}, {"type": "fields", "items": fields}]
        message.bot_message = {
            "is_markdown_support": False,
            "content": {"head": {"text": bot.display_name}, "body": body},
        }

    def _exchange(self, room: Room, *, days_ago: int) -> tuple[Exchange, list[Person]]:
        """What is said and who says each line."""
        bank = self._chance.choice([name for name in room.banks if name in BANKS])
        exchange = self._fresh(room, bank)
        roles = [
            role for role in room.speakers(bank) if role.key != LEAVER or days_ago > LEAVER_UNTIL_DAYS_AGO
        ]
        if len(exchange) < 5 and self._chance.random() < 0.2:
            exchange = (*exchange, self._chance.choice(BANKS["replies"])[0])
        cast = self._cast(roles)
        names = [room.everybody[role.key].first_name for role in roles]
        lines = tuple(filled(line, chance=self._chance, names=names) for line in exchange)
        return lines, [room.everybody[cast[n % len(cast)].key] for n in range(len(lines))]

    def _fresh(self, room: Room, bank: str) -> Exchange:
        """An exchange that was not heard in the room since all others of its bank were."""
        bag = self._bags.setdefault((room.session.id, bank), [])
        if not bag:
            bag += self._chance.sample(BANKS[bank], len(BANKS[bank]))
        return bag.pop()

    def _cast(self, roles: list[Role]) -> list[Role]:
        size = min(len(roles), self._chance.choice((2, 2, 3, 4)))
        return self._chance.sample(roles, size)

    def _office_hour(self, day: date, role: Role) -> int:
        local = self._chance.triangular(7.8, 18.5, 10.5)
        return day_start_ms(day) + round((local - role.offset) * HOUR_MS)
