"""What is said where: sessions, channels, messages and their versions, as the world holds them.

A message keeps every version it ever had and the moment each was written. Nothing is thrown away by an edit
or a deletion: what the report API shows of it is decided in `reports.py`, not here.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count

GROUP, ONE_TO_ONE = "Group", "1:1"
PRIVATE, PRIVATE_INSIDE, PUBLIC_INSIDE, GROUP_CHAT, PUBLIC_OPEN = 1, 2, 3, 4, 5  # types of channels
PUBLIC = frozenset({PUBLIC_INSIDE, PUBLIC_OPEN})
OPEN_TO_OUTSIDERS = frozenset({PRIVATE, GROUP_CHAT, PUBLIC_OPEN})
Position = tuple[int, int]  # (timestamp in ms, number of the message in the world): a total order


@dataclass(slots=True, frozen=True)
class Carried:
    """What a wording has beside its text: files, formatting, mentions, cards."""

    file_ids: tuple[str, ...]
    rich_text: list[dict[str, object]] | None
    at_items: list[dict[str, object]] | None
    cards: list[dict[str, object]] | None


@dataclass(slots=True)
class Version:
    """One wording of a message: `at_ms` is when it was written."""

    text: str
    at_ms: int
    carried: Carried | None = None  # None: what the message carries now; kept when an edit changes that


@dataclass(slots=True)
class EmojiAction:
    """Someone added or removed a custom emoji."""

    emoji: str
    person_id: str
    at_ms: int
    added: bool


@dataclass(slots=True)
class Message:
    """One thing said, with all it has been."""

    id: str
    session_id: str
    number: int
    sender_id: str
    timestamp: int
    versions: list[Version]
    deleted_at: int | None = None
    reply_to: tuple[str, int] | None = None
    file_ids: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    custom_reactions: dict[str, list[str]] = field(default_factory=dict)
    emoji_actions: list[EmojiAction] = field(default_factory=list)
    forward_id: str | None = None
    rich_text: list[dict[str, object]] | None = None
    at_items: list[dict[str, object]] | None = None
    cards: list[dict[str, object]] | None = None
    giphy_url: str | None = None
    bot_message: dict[str, object] | None = None
    overrides: dict[str, object] | None = None  # fields sent as they stand here, however absurd

    @property
    def position(self) -> Position:
        """Where the message stands in its session."""
        return (self.timestamp, self.number)

    @property
    def text(self) -> str:
        """The newest wording."""
        return self.versions[-1].text

    @property
    def every_file_id(self) -> set[str]:
        """The files of all its wordings."""
        return {one for version in self.versions for one in self.carried_by(version).file_ids}

    def carried_by(self, version: Version) -> Carried:
        """What one of its wordings carried."""
        if version.carried is not None:
            return version.carried
        return Carried(tuple(self.file_ids), self.rich_text, self.at_items, self.cards)


@dataclass(slots=True)
class Modification:
    """An edit (`version` is its index, 1 or more) or a deletion (`version` is None) of a message."""

    at_ms: int
    number: int
    message: Message
    version: int | None

    @property
    def position(self) -> Position:
        """Where the modification stands among those of its session."""
        return (self.at_ms, self.number)


@dataclass(slots=True)
class Session:
    """One conversation, its messages in order of sending and its modifications in order of happening."""

    id: str
    type: str
    name: str
    member_ids: list[str]
    channel_id: str | None = None
    deleted_at: int | None = None
    has_external_member: bool | None = None
    messages: list[Message] = field(default_factory=list)
    modifications: list[Modification] = field(default_factory=list)

    def add(self, message: Message) -> None:
        """Put a message in its place."""
        insort(self.messages, message, key=lambda one: one.position)

    def modified(self, modification: Modification) -> None:
        """Put a modification in its place."""
        insort(self.modifications, modification, key=lambda one: one.position)

    def sent(self, *, after: Position, before_ms: int) -> list[Message]:
        """Messages after a position and before a moment, deleted ones too."""
        start = bisect_right(self.messages, after, key=lambda one: one.position)
        end = bisect_left(self.messages, (before_ms, -1), key=lambda one: one.position)
        return self.messages[start:end]

    def modifications_between(self, *, after: Position, before_ms: int) -> list[Modification]:
        """Modifications after a position and before a moment."""
        start = bisect_right(self.modifications, after, key=lambda one: one.position)
        end = bisect_left(self.modifications, (before_ms, -1), key=lambda one: one.position)
        return self.modifications[start:end]


@dataclass(slots=True)
class ChannelSettings:
    """Who may do what in a channel, in the service's own numbers (1: everyone)."""

    add_member_permissions: int = 1
    new_members_can_see_previous_messages_files: bool = True
    posting_permissions: int = 1
    mention_all_permissions: int = 1
    posting_member_ids: list[str] = field(default_factory=list)  # people, by their world id


@dataclass(slots=True)
class MentionGroup:
    """Members of a channel who can be called by one name."""

    id: str
    name: str
    description: str
    member_ids: list[str]


@dataclass(slots=True)
class Channel:
    """A Group session's channel: settings, owner, administrators, groups and retention."""

    id: str
    name: str
    type: int
    owner_id: str
    session_id: str
    member_ids: list[str]
    admin_ids: list[str] = field(default_factory=list)
    created_at: int = 0
    deleted_at: int | None = None
    archived_at: int | None = None
    custom_retention: bool = False
    retention_period: str = "1y"
    settings: ChannelSettings = field(default_factory=ChannelSettings)
    groups: dict[str, list[str]] = field(default_factory=dict)  # group id: the people it brought in
    mention_groups: dict[str, MentionGroup] = field(default_factory=dict)
    _standing: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    _numbers: Iterator[int] = field(default_factory=count, compare=False, repr=False)

    @property
    def is_public(self) -> bool:
        """Whether anyone inside can find it and enter."""
        return self.type in PUBLIC

    @property
    def external_permissions(self) -> int:
        """Who may bring in people from outside: 1 is every member, 0 nobody."""
        return 1 if self.type in OPEN_TO_OUTSIDERS else 0

    def role(self, person_id: str) -> str:
        """What someone in it is: `owner`, `admin` or `member`."""
        if person_id == self.owner_id:
            return "owner"
        return "admin" if person_id in self.admin_ids else "member"

    def may_post(self, person_id: str) -> bool:
        """Whether its settings let someone speak: everyone, its administrators, or they and some members."""
        if self.settings.posting_permissions == 1 or self.role(person_id) != "member":
            return True
        return person_id in self.settings.posting_member_ids

    def forget(self, person_ids: Collection[str]) -> None:
        """Whoever goes loses what only a member can be."""
        lists = [self.member_ids, self.admin_ids, self.settings.posting_member_ids, *self.groups.values()]
        for ids in [*lists, *(one.member_ids for one in self.mention_groups.values())]:
            ids[:] = [one for one in ids if one not in person_ids]
        for one in person_ids:
            self._standing.pop(one, None)

    def standing(self) -> dict[str, int]:
        """Each member's place in lists, in order of arrival: who comes or goes moves nobody else."""
        for one in self.member_ids:
            if one not in self._standing:
                self._standing[one] = next(self._numbers)
        return {one: self._standing[one] for one in self.member_ids}


@dataclass(slots=True)
class Activity:
    """People joined or left a channel."""

    channel_id: str
    at_ms: int
    number: int
    operator_id: str
    joined: bool
    member_ids: list[str]


@dataclass(slots=True)
class CustomEmoji:
    """An emoji the account made itself."""

    file_id: str
    name: str
    person_id: str
    added_at: int


@dataclass(slots=True)
class Forward:
    """What a forwarded message pointed at, as it stood when it was forwarded."""

    id: str
    message: Message
    text: str
