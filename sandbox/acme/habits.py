"""What people do to messages besides saying them: react, correct, take back, attach, forward, emphasise."""

import random
from collections.abc import Sequence

from sandbox import channel_rules
from sandbox.acme import documents
from sandbox.acme.cast import EMOJI
from sandbox.acme.room import Room
from sandbox.clock import MS_PER_DAY
from sandbox.conversations import Message, Session
from sandbox.files import Held
from sandbox.people import Person
from sandbox.world import World

_REACTIONS = ("U+1F44D", "U+1F44D", "U+2764", "U+1F602", "U+1F389", "U+1F64F", "U+1F440", "U+2705", "U+1F914")
_GIPHY = ("celebrate-dance-8fJk2", "coffee-monday-q7Lx1", "cat-typing-zP0w9", "thumbs-up-m3Rt5")
_NAMES = (
    "Minutes",
    "Quote",
    "Test report",
    "Screenshot",
    "Drawing",
    "Forecast",
    "Packing list",
    "Checklist",
    "Photo",
    "Measurement",
    "Offer",
    "Отчёт",
    "見積書",
    "报价单",
    "تقرير",
    "דוח",
    "रिपोर्ट",
    "Prüfprotokoll",
)
_RECENT_MS = 2 * MS_PER_DAY


class Habits:
    """The chances of everyday doings, in one world."""

    def __init__(self, world: World, chance: random.Random, sessions: Sequence[Session]) -> None:
        self._world = world
        self._chance = chance
        self._sessions = sessions
        self._attached = 0

    def perhaps(self, message: Message, room: Room, *, now: int) -> None:
        """Some of it, now and then, in the message's own future but not in the world's."""
        if self._chance.random() < 0.11:
            self._react(message, room.people, now=now)
        if self._chance.random() < 0.008:
            self.attach(message, now=now)
        if self._chance.random() < 0.003:
            message.giphy_url = f"https://giphy.example/gifs/{self._chance.choice(_GIPHY)}"
        if self._chance.random() < 0.008:
            self._emphasise(message)
        if self._chance.random() < 0.0025:
            to = self._chance.choice(self._sessions)
            if to.deleted_at is None and message.sender_id in to.member_ids:
                self._forward(message, to, now=now)
        if self._chance.random() < 0.025:
            self._correct(message, now=now)
        if self._chance.random() < 0.009:
            self._take_back(message, now=now)

    def something(self, *, now: int) -> bool:
        """One thing done to a message of these days, or now and then to an old one."""
        session = self._chance.choice(self._sessions)
        old = self._chance.random() < 0.15
        start, end = (0, now - 20 * MS_PER_DAY) if old else (now - _RECENT_MS, now)
        messages = [one for one in session.sent(after=(start, -1), before_ms=end) if one.deleted_at is None]
        if not messages or not channel_rules.is_open(self._world, session):
            return False
        message = self._chance.choice(messages)
        if message.bot_message is not None:
            return False
        doing = self._chance.random()
        if doing < 0.45:
            people = [one for one in map(self._world.people.__getitem__, session.member_ids) if not one.bot]
            self._world.react(message, self._chance.choice(people), self._chance.choice(_REACTIONS))
        elif doing < 0.8:
            self._world.edit(message, self._reworded(message.text))
        elif doing < 0.93:
            self._world.delete(message)
        else:
            self._come_or_go(session)
        return True

    def attach(self, message: Message, *, now: int) -> None:
        """A small real file."""
        self._attached += 1
        extension = documents.EXTENSIONS[self._attached % len(documents.EXTENSIONS)]
        title = f"{self._chance.choice(_NAMES)} {self._attached:03d}"
        content = Held(documents.made(f"x.{extension}", title=title, number=self._attached))
        at = min(message.timestamp, now)
        self._world.attach(message, self._world.upload(f"{title}.{extension}", content, at=at))

    def _react(self, message: Message, people: list[Person], *, now: int) -> None:
        emoji = (
            self._chance.choice(EMOJI) if self._chance.random() < 0.12 else self._chance.choice(_REACTIONS)
        )
        count = min(len(people), self._chance.choice((1, 1, 1, 2, 2, 3, 5)))
        at = min(now, message.timestamp + self._chance.randrange(5_000, 3_600_000))
        for person in self._chance.sample(people, count):
            self._world.react(message, person, emoji, at=at)

    def _correct(self, message: Message, *, now: int) -> None:
        """The wording so far becomes the correction of a slip."""
        at = message.timestamp + self._later()
        if at < now and message.text:
            right = message.text
            message.versions[0].text = self._slip(right)
            self._world.edit(message, right, at=at)

    def _take_back(self, message: Message, *, now: int) -> None:
        at = message.versions[-1].at_ms + self._later()
        if at < now:
            self._world.delete(message, at=at)

    def _forward(self, message: Message, to: Session, *, now: int) -> None:
        at = message.timestamp + self._chance.randrange(60_000, 7_200_000)
        if at < now:
            self._world.forward(message, to, self._world.people[message.sender_id], at=at)

    def _emphasise(self, message: Message) -> None:
        start = message.text.rfind(" ") + 1
        message.rich_text = [
            {
                "start_position": start,
                "end_position": max(start, len(message.text) - 1),
                "format_type": "Bold",
            }
        ]

    def _later(self) -> int:
        """Mostly within minutes, now and then weeks later."""
        if self._chance.random() < 0.12:
            return self._chance.randrange(3 * MS_PER_DAY, 60 * MS_PER_DAY)
        return self._chance.randrange(8_000, 900_000)

    def _slip(self, text: str) -> str:
        """A wording with a typing slip: another digit, or two letters swapped."""
        digits = [index for index, character in enumerate(text) if character in "0123456789"]
        if digits:
            index = self._chance.choice(digits)
            return (
                text[:index] + str((int(text[index]) + self._chance.randrange(1, 9)) % 10) + text[index + 1 :]
            )
        if len(text) < 4:
            return text + "?"
        index = self._chance.randrange(1, len(text) - 2)
        return text[:index] + text[index + 1] + text[index] + text[index + 2 :]

    def _reworded(self, text: str) -> str:
        """A second thought: another figure, or an afterthought."""
        afterthoughts = (" Sorry, typo.", " See also the ticket.", " As agreed on the phone.")
        if any(character in "0123456789" for character in text) and self._chance.random() < 0.6:
            return self._slip(text)
        return text.removesuffix(".") + "." + self._chance.choice(afterthoughts) if text else "(corrected)"

    def _come_or_go(self, session: Session) -> None:
        channel = self._world.channels.get(session.channel_id or "")
        if channel is None or channel.type != 3:
            return
        person = self._chance.choice(
            [one for one in self._world.people.values() if one.active and not one.bot]
        )
        if person.id == channel.owner_id or person.external:
            return
        if person.id in channel.member_ids:
            self._world.leave(channel, person)
        else:
            self._world.join(channel, person)
