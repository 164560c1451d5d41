"""What Holdfast does with the Zoom API, feature by feature, and which scopes an app still lacks for it.

Facts and their reading only: no request, no database. A feature names the operations it takes; whether an app
may do them follows from the scopes on its token, so what would fail is said before anything does. Advice names
the smallest scope of the app's own generation, classic or granular, because an app cannot mix the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zoom.operations import table
from zoom.operations.table import OPERATIONS, Operation


class Use(StrEnum):
    """When a feature is used: all the time by capture, or when somebody decides to."""

    CAPTURE = "capture"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something Holdfast does at Zoom: `name` completes "may …", `without` says what an installation then lacks."""

    name: str
    use: Use
    operations: tuple[str, ...]
    without: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one feature stands: `missing` scopes would allow it; `impossible` operations no scope of the app can."""

    feature: Feature
    missing: tuple[str, ...]
    impossible: tuple[str, ...]

    @property
    def is_granted(self) -> bool:
        """Whether everything the feature takes may be called."""
        return len(self.missing) == 0 and len(self.impossible) == 0

    @property
    def advice(self) -> str:
        """What an administrator does about it; empty when there is nothing to do."""
        return _advice(self.missing, self.impossible)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the scopes of a token allow; `unused` are those that nothing here needs."""

    scopes: frozenset[str]
    standings: tuple[Standing, ...]
    unused: tuple[str, ...]

    @property
    def listed(self) -> tuple[str, ...]:
        """The scopes in order of their names."""
        return tuple(sorted(self.scopes))

    @property
    def uses(self) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
        """The features under the two headings a page gives them."""
        return ("Capture", self.of(Use.CAPTURE)), ("When somebody decides to", self.of(Use.ACTION))

    def of(self, use: Use) -> tuple[Standing, ...]:
        """The features of one use, in their order."""
        return tuple(one for one in self.standings if one.feature.use is use)

    def advice(self, use: Use) -> str:
        """What an administrator does about everything that one use lacks; empty when it lacks nothing."""
        lacking = [one for one in self.of(use) if not one.is_granted]
        missing = tuple(dict.fromkeys(scope for one in lacking for scope in one.missing))
        return _advice(missing, tuple(id for one in lacking for id in one.impossible))


FEATURES = (
    Feature(
        "read the chat reports (sessions and messages)",
        Use.CAPTURE,
        ("reportChatSessions", "reportChatMessages"),
        "Nothing can be captured.",
    ),
    Feature(
        "fetch files",
        Use.CAPTURE,
        ("getFileInfo",),
        "Files are named in the record, but their bytes are not kept.",
    ),
    Feature(
        "read what a forwarded message showed",
        Use.CAPTURE,
        ("getForwardedMessage",),
        "A forward is kept without the message it shows.",
    ),
    Feature(
        "read channels, their members, retention, joins and leaves",
        Use.CAPTURE,
        ("getAccountChannels", "listChannelMembers", "getChannelRetention", "listAllChannelActivityLogs"),
        "Who could see a channel when, and how long Zoom keeps it, stays unknown.",
    ),
    Feature(
        "read the company directory",
        Use.CAPTURE,
        ("searchCompanyContacts",),
        "People are known by what they said only, without department and title.",
    ),
    Feature(
        "read custom emoji",
        Use.CAPTURE,
        ("listCustomEmojis",),
        "Reactions with an emoji of the account's own stay without name and picture.",
    ),
    Feature(
        "read legal hold matters and their zips",
        Use.CAPTURE,
        ("listLegalHoldMatters", "listLegalHoldFiles", "downloadLegalHoldFiles"),
        "What Zoom holds for a matter is not seen here.",
    ),
    Feature(
        "open, rename and end legal hold matters at Zoom",
        Use.ACTION,
        ("addLegalHoldMatter", "updateLegalHoldMatter", "deleteLegalHoldMatters"),
        "A hold placed here does not reach Zoom.",
    ),
    Feature(
        "find custodians by channel, group and space",
        Use.ACTION,
        (
            "getChannel",
            "getUserLevelChannel",
            "getChannels",
            "searchChannels",
            "listUserLevelChannelMembers",
            "listChannelAdministrators",
            "listChannelActivityLogs",
            "listChannelMembersGroups",
            "getChannelMentionGroup",
            "listTheMembersOfMentionGroup",
            "imGroups",
            "imGroup",
            "imGroupMembers",
            "listSharedSpaces",
            "getASharedSpace",
            "listSharedSpaceChannels",
            "listSharedSpaceMembers",
            "getUserContacts",
            "getUserContact",
        ),
        "Custodians are named one by one.",
    ),
    Feature(
        "change the retention of channels",
        Use.ACTION,
        ("updateChannelRetention",),
        "Retention is read and compared, but changed by hand at Zoom.",
    ),
    Feature(
        "send hold notices and reminders in a custodian's own chat",
        Use.ACTION,
        (
            "sendaChatMessage",
            "editMessage",
            "reactMessage",
            "sendimmessages",
            "sendNewContactInvitation",
            "createReminderForMessage",
            "deleteReminderForMessage",
            "listReminders",
            "listScheduledMessages",
            "deleteScheduleMessage",
            "uploadAChatFile",
            "sendChatFile",
            "PerformMessageOfChannel",
        ),
        "Notices go out by e-mail only.",
    ),
    Feature(
        "read a conversation at Zoom, around a message",
        Use.ACTION,
        (
            "getChatSessions",
            "getChatMessages",
            "getChatMessage",
            "retrieveThread",
            "listChannelPinnedMessages",
            "fetchBookmarks",
            "addOrRemoveABookmark",
            "markMessage",
            "starUnstarChannelContact",
        ),
        "Context is what the archive has.",
    ),
    Feature(
        "remove a leaked message, file or emoji at Zoom",
        Use.ACTION,
        ("deleteChatMessage", "deleteChatFile", "DeleteCustomEmoji"),
        "What leaked is removed by hand at Zoom.",
    ),
    Feature(
        "clean up channels, groups and spaces",
        Use.ACTION,
        (
            "PerformOperationsOnChannels",
            "createChannel",
            "updateChannel",
            "updateUserLevelChannel",
            "deleteChannel",
            "deleteUserLevelChannel",
            "batchDeleteChannelsAccountLevel",
            "InviteUserLevelChannelMembers",
            "inviteChannelMembers",
            "inviteChannelMembersGroups",
            "batchRemoveChannelMembers",
            "batchRemoveUserChannelMembers",
            "removeAChannelMember",
            "removeAUserLevelChannelMember",
            "removeAMemberGroup",
            "joinChannel",
            "leaveChannel",
            "promoteChannelMembersAsAdmin",
            "batchDemoteChannelAdministrators",
            "createChannelMentionGroup",
            "updateChannelMentionGroup",
            "deleteAChannelMentionGroup",
            "addAChannelMembersToMentionGroup",
            "removeChannelMentionGroupMembers",
            "imGroupCreate",
            "imGroupUpdate",
            "imGroupDelete",
            "imGroupMembersCreate",
            "imGroupMembersDelete",
            "createSpace",
            "deleteSpace",
            "updateSharedSpaceSettings",
            "updateSharedSpaceChannels",
            "addSpaceMembers",
            "deleteSpaceMembers",
            "promoteSpaceMembers",
            "demoteSpaceAdmins",
            "transferSpaceOwner",
        ),
        "Channels are changed by hand at Zoom.",
    ),
    Feature(
        "restore an archived channel into Zoom",
        Use.ACTION,
        (
            "MigrateAChatChannel",
            "MigrateChannelMembers",
            "MigrateChatMessages",
            "MigrateChatMessageReactions",
            "Migrate1:1ConversationOrChannelOperations",
            "getMigrationChannelsMapping",
            "getMigrationUsersMapping",
            "addACustomEmoji",
        ),
        "What is restored is restored as an export.",
    ),
)


def grant_of(scopes: Iterable[str]) -> Grant:
    """What these scopes allow, feature by feature."""
    granted = frozenset(scopes)
    is_granular = _is_granular(granted)
    useful = {scope for row in OPERATIONS.values() for scope in (*row.scopes, *row.granular)}
    return Grant(
        scopes=granted,
        standings=tuple(_standing(feature, granted, is_granular) for feature in FEATURES),
        unused=tuple(sorted(granted - useful)),
    )


def _standing(feature: Feature, granted: frozenset[str], is_granular: bool) -> Standing:
    refused = table.not_allowed(granted=granted, operations=feature.operations)
    chosen = [(row, _smallest(row, is_granular)) for row in refused]
    return Standing(
        feature=feature,
        missing=tuple(dict.fromkeys(scope for _, scope in chosen if scope is not None)),
        impossible=tuple(row.id for row, scope in chosen if scope is None),
    )


def _is_granular(granted: frozenset[str]) -> bool:
    """The generation of the app's scopes; of one that has none of either, the one that new apps get."""
    classic = any(not granted.isdisjoint(row.scopes) for row in OPERATIONS.values())
    granular = any(not granted.isdisjoint(row.granular) for row in OPERATIONS.values())
    return granular or not classic


def _smallest(row: Operation, is_granular: bool) -> str | None:
    """The scope that allows the operation and little else: the account's before a user's, reading before writing."""
    choices = row.granular if is_granular else row.scopes
    return min(
        choices, key=lambda scope: (not scope.endswith(":admin"), ":write" in scope, len(scope)), default=None
    )


def _advice(missing: tuple[str, ...], impossible: tuple[str, ...]) -> str:
    said = []
    if len(missing) > 0:
        noun = "scope" if len(missing) == 1 else "scopes"
        said.append(f"Add the {noun} {_listed(missing)} to the app at Zoom.")
    if len(impossible) > 0:
        said.append(
            f"Zoom has no granular scope for {_listed(impossible)}: only an app with classic scopes can do that."
        )
    return " ".join(said)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
