"""The one world behind every reply: people, conversations, files, and what people do to them.

Promises: ids and wording depend only on the seed and the order of what was done; nothing said is ever
forgotten, an edit adds a version and a deletion a mark; every moment is the world's own. The world knows
nothing of HTTP: routes read it, scenarios fill it, `live.py` keeps it going.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox import identity
from sandbox.clock import Clock
from sandbox.conversations import (
    GROUP,
    ONE_TO_ONE,
    Activity,
    Channel,
    CustomEmoji,
    EmojiAction,
    Forward,
    Message,
    Modification,
    Session,
    Version,
)
from sandbox.desk import Desk
from sandbox.files import Content, StoredFile
from sandbox.groups import ImGroup
from sandbox.matters import Matter
from sandbox.migrated import Migrated
from sandbox.people import Invitation, Person
from sandbox.space import Space

Witness = Callable[[str, dict[str, object]], None]


class Unknown(LookupError):
    """Nothing in the world goes by that name."""


@dataclass
class World:
    """People, sessions, channels, messages and files, with the verbs that change them."""

    clock: Clock
    seed: str = "1"
    people: dict[str, Person] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    forwards: dict[str, Forward] = field(default_factory=dict)
    emoji: dict[str, CustomEmoji] = field(default_factory=dict)
    deleted_emoji: dict[str, CustomEmoji] = field(default_factory=dict)
    desk: Desk = field(default_factory=Desk)
    matters: dict[str, Matter] = field(default_factory=dict)
    migrated: Migrated = field(default_factory=Migrated)
    invitations: list[Invitation] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    im_groups: dict[str, ImGroup] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    own_user_id: str | None = None
    journal: Witness | None = None  # told of every deed that is not part of another, to do it again
    listeners: list[Witness] = field(default_factory=list)  # told of every deed, also of those within others
    _messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    _by_address: dict[str, str] = field(default_factory=dict)
    _count: int = 0
    _depth: int = 0

    # -- people and places -------------------------------------------------------------------------

    def add_person(self, person: Person) -> Person:
        """Someone new; findable by user id, member id and e-mail."""
        self.people[person.id] = person
        for address in (person.member_id, person.email):
            if address:
                self._by_address[address.casefold()] = person.id
        return person

    def person(self, name: str) -> Person:
        """A person by user id, member id, e-mail or `me`; Unknown when there is none."""
        if name == "me" and self.own_user_id is not None:
            return self.people[self.own_user_id]
        found = self.people.get(name) or self.people.get(self._by_address.get(name.casefold(), ""))
        if found is None:
            raise Unknown(name)
        return found

    def open_channel(
        self,
        name: str,
        *,
        members: Iterable[Person],
        type: int = 2,
        at: int | None = None,
        key: str | None = None,
    ) -> Channel:
        """A channel with its session; the first member owns it."""
        ids = [person.id for person in members]
        key = name if key is None else key
        channel_id = identity.hexadecimal(16, self.seed, "channel", key)
        session_id = identity.hexadecimal(32, self.seed, "session", key)
        moment = self.clock.now_ms() if at is None else at
        self.sessions[session_id] = Session(session_id, GROUP, name, ids, channel_id)
        channel = Channel(channel_id, name, type, ids[0], session_id, list(ids), created_at=moment)
        self.channels[channel_id] = channel
        self._log_activity(channel, channel.owner_id, ids, joined=True, at=moment)
        return channel

    def open_talk(self, first: Person, second: Person) -> Session:
        """The 1:1 session of two people; always the same one."""
        pair = sorted((first.id, second.id))
        session_id = identity.hexadecimal(32, self.seed, "talk", *pair)
        if session_id not in self.sessions:
            self.sessions[session_id] = Session(session_id, ONE_TO_ONE, "", pair)
        return self.sessions[session_id]

    def join(self, channel: Channel, person: Person, *, at: int | None = None) -> None:
        """Someone enters a channel."""
        if person.id not in channel.member_ids:
            channel.member_ids.append(person.id)
            self._mirror_members(channel)
        moment = self.clock.now_ms() if at is None else at
        self._log_activity(channel, person.id, [person.id], joined=True, at=moment)
        self.tell("join", channel_id=channel.id, by=person.id, at=moment)

    def leave(self, channel: Channel, person: Person, *, at: int | None = None) -> None:
        """Someone leaves a channel."""
        if person.id in channel.member_ids:
            channel.forget([person.id])
            self._mirror_members(channel)
        moment = self.clock.now_ms() if at is None else at
        self._log_activity(channel, person.id, [person.id], joined=False, at=moment)
        self.tell("leave", channel_id=channel.id, by=person.id, at=moment)

    def close_channel(self, channel: Channel, *, at: int | None = None) -> None:
        """A channel is deleted: the report goes on naming its session, as deleted."""
        channel.deleted_at = self.clock.now_ms() if at is None else at
        self.sessions[channel.session_id].deleted_at = channel.deleted_at

    def is_external(self, session: Session) -> bool:
        """Whether someone from outside takes part."""
        if session.has_external_member is not None:
            return session.has_external_member
        return any(self.people[one].external for one in session.member_ids if one in self.people)

    # -- messages ----------------------------------------------------------------------------------

    def say(
        self,
        session: Session,
        by: Person,
        text: str,
        *,
        at: int | None = None,
        id: str | None = None,
        files: Iterable[StoredFile] = (),
        reply_to: Message | None = None,
    ) -> Message:
        """Someone says something, now or at a moment."""
        self._count += 1
        message = Message(
            id=identity.message(self.seed, session.id, self._count) if id is None else id,
            session_id=session.id,
            number=self._count,
            sender_id=by.id,
            timestamp=self.clock.now_ms() if at is None else at,
            versions=[],
            file_ids=[one.id for one in files],
        )
        message.versions.append(Version(text, message.timestamp))
        if reply_to is not None:
            message.reply_to = (reply_to.id, reply_to.timestamp)
        session.add(message)
        self._messages[session.id, message.id] = message
        self.tell(
            "say",
            session_id=session.id,
            by=by.id,
            text=text,
            at=message.timestamp,
            id=message.id,
            file_ids=list(message.file_ids),
            reply_to=None if reply_to is None else reply_to.id,
        )
        return message

    def message(self, session_id: str, message_id: str) -> Message:
        """One message, deleted or not; Unknown when there is none."""
        found = self._messages.get((session_id, message_id))
        if found is None:
            raise Unknown(message_id)
        return found

    def edit(self, message: Message, text: str, *, at: int | None = None) -> None:
        """The sender words it anew."""
        moment = self.clock.now_ms() if at is None else at
        message.versions.append(Version(text, moment))
        self._modified(message, moment, version=len(message.versions) - 1)
        self.tell("edit", session_id=message.session_id, message_id=message.id, text=text, at=moment)

    def delete(self, message: Message, *, at: int | None = None) -> None:
        """The sender takes it back; a second deletion changes nothing."""
        if message.deleted_at is None:
            message.deleted_at = self.clock.now_ms() if at is None else at
            self._modified(message, message.deleted_at, version=None)
            self.tell("delete", session_id=message.session_id, message_id=message.id, at=message.deleted_at)

    def react(self, message: Message, by: Person, emoji: str, *, at: int | None = None) -> None:
        """Someone reacts, with a code point (`U+1F44D`) or the name of a custom emoji."""
        moment = self.clock.now_ms() if at is None else at
        custom = emoji in self.emoji
        people = (message.custom_reactions if custom else message.reactions).setdefault(emoji, [])
        if by.id not in people:
            people.append(by.id)
            if custom:
                message.emoji_actions.append(EmojiAction(emoji, by.id, moment, True))
            where = {"session_id": message.session_id, "message_id": message.id}
            self.tell("react", **where, by=by.id, emoji=emoji, at=moment)

    def forward(self, message: Message, to: Session, by: Person, *, at: int | None = None) -> Message:
        """Someone passes a message on into another conversation."""
        passed = self.say(to, by, message.text, at=at)
        passed.forward_id = identity.short(self.seed, "forward", passed.number)
        self.forwards[passed.forward_id] = Forward(passed.forward_id, message, message.text)
        where = {"session_id": message.session_id, "message_id": message.id}
        self.tell(
            "pass_on",
            **where,
            to_session_id=to.id,
            passed_id=passed.id,
            forward_id=passed.forward_id,
            text=message.text,
        )
        return passed

    # -- files -------------------------------------------------------------------------------------

    def upload(
        self, name: str, content: Content, *, at: int | None = None, id: str | None = None
    ) -> StoredFile:
        """A file to put on a message."""
        self._count += 1
        file_id = identity.short(self.seed, "file", self._count) if id is None else id
        stored = StoredFile(file_id, name, self.clock.now_ms() if at is None else at, content)
        self.files[file_id] = stored
        self.tell("upload", name=name, content=content, at=stored.created_at, id=file_id)
        return stored

    def attach(self, message: Message, stored: StoredFile) -> None:
        """Put a file on a message that was just said."""
        message.file_ids.append(stored.id)
        where = {"session_id": message.session_id, "message_id": message.id}
        self.tell("attach", **where, file_id=stored.id)

    # -- what an administrator does ----------------------------------------------------------------

    def open_matter(self, matter: Matter) -> None:
        """A legal hold begins."""
        self.matters[matter.id] = matter
        self.tell(
            "open_matter",
            id=matter.id,
            name=matter.name,
            person_ids=matter.person_ids,
            created_at=matter.created_at,
            start=matter.start.isoformat(),
            end=None if matter.end is None else matter.end.isoformat(),
        )

    def rename_matter(self, matter: Matter, name: str) -> None:
        """A legal hold gets another name."""
        matter.name = name
        self.tell("rename_matter", id=matter.id, name=name)

    def end_matter(self, matter: Matter) -> None:
        """A legal hold is over."""
        del self.matters[matter.id]
        self.tell("end_matter", id=matter.id)

    def set_retention(self, channel: Channel, *, custom: bool, period: str) -> None:
        """A channel's messages are to be kept for another while."""
        channel.custom_retention, channel.retention_period = custom, period
        self.tell("set_retention", channel_id=channel.id, custom=custom, period=period)

    # -- deeds -------------------------------------------------------------------------------------

    @property
    def is_amid_a_deed(self) -> bool:
        """Whether what is told is part of a deed that is not over."""
        return self._depth > 0

    def number(self) -> int:
        """The next number of the world's count, from which ids are drawn."""
        self._count += 1
        return self._count

    def tell(self, deed: str, **fields: object) -> None:
        """Say what was done, in ids and plain values."""
        if self.journal is not None and self._depth == 0:
            self.journal(deed, fields)
        for listener in self.listeners:
            listener(deed, fields)

    @contextmanager
    def doing(self) -> Iterator[None]:
        """What is done in the block is part of a deed and not written down by itself."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    # -- inside ------------------------------------------------------------------------------------

    def _modified(self, message: Message, at: int, *, version: int | None) -> None:
        self._count += 1
        self.sessions[message.session_id].modified(Modification(at, self._count, message, version))

    def _mirror_members(self, channel: Channel) -> None:
        self.sessions[channel.session_id].member_ids = list(channel.member_ids)

    def _log_activity(
        self, channel: Channel, operator_id: str, member_ids: list[str], *, joined: bool, at: int
    ) -> None:
        self._count += 1
        self.activities.append(Activity(channel.id, at, self._count, operator_id, joined, list(member_ids)))
