"""Acme Instruments brought to life: people, places, six months of talk, and the stories in between.

The same seed on the same day makes the same world. What would lie in the future of the world's clock is left
out. `build` returns the world and the act that keeps it going.
"""

import random
from datetime import timedelta

from sandbox import identity
from sandbox.acme import directory, documents, stories
from sandbox.acme.cast import BOTS, EMOJI, GUESTS, LEAVER, LEAVER_UNTIL_DAYS_AGO, STAFF, Role
from sandbox.acme.chatter import Chatter
from sandbox.acme.places import DELETED_PLACE, PLACES, TALKS, Place
from sandbox.acme.room import Room
from sandbox.clock import MS_PER_DAY, Clock, day_start_ms
from sandbox.conversations import CustomEmoji, Message
from sandbox.files import Held, StoredFile
from sandbox.live import Act
from sandbox.people import Person
from sandbox.world import World

DAYS = 180
CLOSED_DAYS_AGO = 55
SORTED_DAYS_AGO = 200
MINUTE_MS = 60_000


def build(*, clock: Clock, seed: str, messages: int) -> tuple[World, Act]:
    """The company with about so many messages, and the act that keeps it talking."""
    company = Company(World(clock, seed))
    company.hire()
    company.furnish()
    company.tell()
    chatter = Chatter(company.world, company.rooms, random.Random(f"{seed}:chatter"))
    chatter.fill(first_day=company.today - timedelta(days=DAYS), last_day=company.today, messages=messages)
    company.close()
    company.sort()
    return company.world, chatter.act


class Company:
    """The company while it is being set up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.today = world.clock.today()
        self.now = world.clock.now_ms()
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Room] = {}
        self._roles: dict[str, Role] = {}
        self._chance = random.Random(f"{world.seed}:company")
        self._files: dict[str, StoredFile] = {}

    def hire(self) -> None:
        """Everybody, inside and outside, and the emoji they made."""
        for role in (*STAFF, *GUESTS, *BOTS):
            self._roles[role.key] = role
            self.people[role.key] = self.world.add_person(self._person(role))
        self.world.own_user_id = self.people["quentin"].id
        for number, name in enumerate(EMOJI):
            owner = self.people[self._chance.choice(STAFF).key]
            added = self._moment(400 - 30 * number, "10:00")
            file_id = identity.short(self.world.seed, "emoji", name)
            self.world.emoji[name] = CustomEmoji(file_id, name, owner.id, added)

    def furnish(self) -> None:
        """Every channel with its people, and every pair that talks."""
        for number, place in enumerate((*PLACES, DELETED_PLACE)):
            self._open(place, number)
        for pair in TALKS:
            keys = pair.split("/")
            session = self.world.open_talk(*(self.people[key] for key in keys))
            roles = [self._roles[key] for key in keys]
            until = LEAVER_UNTIL_DAYS_AGO if LEAVER in keys else 0
            self.rooms[pair] = Room(
                session, roles, self.people, _banks_of_talk(roles), weight=0.55, until_days_ago=until
            )
        self._come_and_go()

    def tell(self) -> None:
        """The stories, line by line."""
        previous: Message | None = None
        for line in stories.ALL:
            at = self._moment(line.days_ago, line.time)
            if at < self.now:
                previous = self._say(line, at, previous)

    def close(self) -> None:
        """The leaver is gone and a channel is deleted."""
        self.people[LEAVER].active = False
        left = self._moment(LEAVER_UNTIL_DAYS_AGO - 1, "12:00")
        for channel in self.world.channels.values():
            if self.people[LEAVER].id in channel.member_ids and channel.owner_id != self.people[LEAVER].id:
                self.world.leave(channel, self.people[LEAVER], at=left)
        closed = self.rooms[DELETED_PLACE.name].session.channel_id
        if closed is not None:
            self.world.close_channel(self.world.channels[closed], at=self._moment(CLOSED_DAYS_AGO, "09:30"))

    def sort(self) -> None:
        """Directory groups and shared spaces."""
        directory.sort(self.world, people=self.people, at=self._moment(SORTED_DAYS_AGO, "09:00"))

    # -- how it is done ----------------------------------------------------------------------------

    def _person(self, role: Role) -> Person:
        bot, guest = role.department == "Bot", role.department == "Guest"
        address = f"{role.key}@{'guest.example' if guest else 'acme.example'}"
        return Person(
            id=identity.short(self.world.seed, "person", role.key),
            email="" if bot else address,
            display_name=role.name,
            member_id=identity.short(self.world.seed, "member", role.key),
            external=guest,
            bot=bot,
            department=role.department,
            title=role.title,
            location=role.location,
        )

    def _open(self, place: Place, number: int) -> None:
        wanted = place.departments.split()
        keys = [r.key for r in STAFF if wanted == ["*"] or r.department in wanted]
        keys += [key for key in place.people.split() if key not in keys]
        if "bots" in place.banks:
            keys += [role.key for role in BOTS]
        roles = [self._roles[key] for key in keys]
        created = self._moment(700 - 12 * number if place is not DELETED_PLACE else 170, "09:00")
        people = [self.people[key] for key in keys]
        channel = self.world.open_channel(place.name, members=people, type=place.type, at=created)
        channel.admin_ids = [person.id for person in people[1:3] if not person.bot]
        if number % 11 == 5:
            channel.custom_retention, channel.retention_period = True, ("1y", "90d", "24m")[number % 3]
        session = self.world.sessions[channel.session_id]
        until = CLOSED_DAYS_AGO if place is DELETED_PLACE else 0
        self.rooms[place.name] = Room(
            session, roles, self.people, tuple(place.banks.split()), weight=place.weight, until_days_ago=until
        )

    def _come_and_go(self) -> None:
        """People look into open channels and leave them again."""
        open_channels = [one for one in self.world.channels.values() if one.type == 3]
        for _ in range(60):
            channel = self._chance.choice(open_channels)
            person = self.people[self._chance.choice(STAFF).key]
            if person.id in channel.member_ids or person.id == self.people[LEAVER].id:
                continue
            at = self.now - self._chance.randrange(20, 170) * MS_PER_DAY
            self.world.join(channel, person, at=at)
            if self._chance.random() < 0.6:
                self.world.leave(channel, person, at=at + self._chance.randrange(1, 15) * MS_PER_DAY)

    def _say(self, line: stories.Line, at: int, previous: Message | None) -> Message:
        room = self.rooms[line.place]
        person = self.people[line.speaker]
        main = previous if "reply" in line.more and previous is not None else None
        if main is not None and main.session_id != room.session.id:
            main = None
        if main is not None and main.reply_to is not None:
            main = self.world.message(main.session_id, main.reply_to[0])
        files = [self._file(more[5:], at) for more in line.more if more.startswith("file:")]
        message = self.world.say(room.session, person, line.text, at=at, files=files, reply_to=main)
        for more in line.more:
            self._do(more, message, room, person)
        return message

    def _do(self, more: str, message: Message, room: Room, person: Person) -> None:
        verb, _, rest = more.partition(":")
        if verb == "edit":
            after, _, text = rest.partition(":")
            at = message.timestamp + stories.minutes(after) * MINUTE_MS
            if at < self.now:
                self.world.edit(message, text, at=at)
        elif verb == "delete":
            at = message.timestamp + stories.minutes(rest) * MINUTE_MS
            if at < self.now:
                self.world.delete(message, at=at)
        elif verb == "react":
            other = next(one for one in room.people if one is not person)
            self.world.react(message, other, rest, at=message.timestamp + MINUTE_MS)
        elif verb == "forward":
            self.world.forward(message, self.rooms[rest].session, person, at=message.timestamp + MINUTE_MS)

    def _file(self, name: str, at: int) -> StoredFile:
        """A story's file: the same one each time its name comes up."""
        if name not in self._files:
            content = Held(documents.made(name, title=name.rpartition(".")[0], number=1))
            self._files[name] = self.world.upload(name, content, at=at)
        return self._files[name]

    def _moment(self, days_ago: int, time: str) -> int:
        hours, minutes = map(int, time.split(":"))
        day = day_start_ms(self.today - timedelta(days=days_ago))
        return day + (hours * 60 + minutes) * MINUTE_MS


def _banks_of_talk(roles: list[Role]) -> tuple[str, ...]:
    """What two people talk about: their work, this and that, in a language both speak."""
    banks = ["smalltalk"]
    banks += [role.department.lower() for role in roles if role.department != "Guest"]
    first, second = roles
    if first.language == second.language and first.language != "english":
        banks += [first.language] * 3
    return tuple(banks)
