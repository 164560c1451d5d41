"""What the client knows of each operation of the API: where it is, what it costs, what it needs.

Facts only, one row an operation; the modules beside this one give them Python signatures. Scopes come in two
generations, classic and granular; an app holds one or the other and any one listed scope is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The rate-limit label that an operation is charged to."""

    LIGHT = "LIGHT"
    MEDIUM = "MEDIUM"
    HEAVY = "HEAVY"
    RESOURCE_INTENSIVE = "RESOURCE-INTENSIVE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation: `path` has its parameters in braces; `required` are query parameters too."""

    id: str
    method: str
    path: str
    label: Label
    scopes: tuple[str, ...]
    granular: tuple[str, ...]
    query: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def is_allowed_by(self, granted: frozenset[str]) -> bool:
        """Whether a token with these scopes may call the operation."""
        return not granted.isdisjoint((*self.scopes, *self.granular))


def _operation(
    id: str, request: str, label: Label, scopes: str, granular: str, query: str = ""
) -> tuple[str, Operation]:
    """A row from its compact spelling: `METHOD /path`, space-separated names, `!` after a required one."""
    method, path = request.split()
    names = query.split()
    return id, Operation(
        id=id,
        method=method,
        path=path,
        label=label,
        scopes=tuple(scopes.split()),
        granular=tuple(granular.split()),
        query=tuple(name.rstrip("!") for name in names),
        required=tuple(name.rstrip("!") for name in names if name.endswith("!")),
    )


_PAGED = "page_size next_page_token"
_READ = "chat_channel:read:admin chat_channel:write:admin"
_CHANNEL = "chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin"
_HOLD = "chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin"
_HOLD_WRITE = "chat_history_legal_hold:write:admin"
_REPORT = "report_chat:read:admin imchat:read:admin"
_MESSAGE = "chat_message:read chat_message:read:admin chat_message:write chat_message:write:admin"

OPERATIONS: dict[str, Operation] = dict(
    (
        _operation(
            "reportChatSessions",
            "GET /report/chat/sessions",
            Label.MEDIUM,
            _REPORT,
            "report:read:list_chat_sessions:admin",
            f"from! to! {_PAGED}",
        ),
        _operation(
            "reportChatMessages",
            "GET /report/chat/sessions/{sessionId}",
            Label.MEDIUM,
            _REPORT,
            "report:read:chat_session:admin",
            f"from! to! {_PAGED} include_fields include_bot_message include_reactions query_all_modifications"
            " include_custom_emoji_reactions",
        ),
        _operation(
            "listLegalHoldMatters",
            "GET /chat/legalhold/matters",
            Label.RESOURCE_INTENSIVE,
            _HOLD,
            "team_chat:read:list_legal_hold_matters:admin",
            _PAGED,
        ),
        _operation(
            "addLegalHoldMatter",
            "POST /chat/legalhold/matters",
            Label.RESOURCE_INTENSIVE,
            _HOLD_WRITE,
            "team_chat:write:legal_hold_matter:admin",
        ),
        _operation(
            "updateLegalHoldMatter",
            "PATCH /chat/legalhold/matters/{matterId}",
            Label.LIGHT,
            _HOLD_WRITE,
            "team_chat:update:legal_hold_matter:admin",
        ),
        _operation(
            "deleteLegalHoldMatters",
            "DELETE /chat/legalhold/matters/{matterId}",
            Label.LIGHT,
            _HOLD_WRITE,
            "team_chat:delete:legal_hold_matter:admin",
        ),
        _operation(
            "listLegalHoldFiles",
            "GET /chat/legalhold/matters/{matterId}/files",
            Label.LIGHT,
            _HOLD,
            "team_chat:read:list_legal_hold_matter_files:admin",
            f"identifier! {_PAGED}",
        ),
        _operation(
            "downloadLegalHoldFiles",
            "GET /chat/legalhold/matters/{matterId}/files/download",
            Label.LIGHT,
            _HOLD,
            "team_chat:read:legal_hold_matter_file:admin",
            "file_key!",
        ),
        _operation(
            "getFileInfo",
            "GET /chat/files/{fileId}",
            Label.LIGHT,
            "chat:read",
            "team_chat:read:file team_chat:read:file:admin",
        ),
        _operation(
            "getAccountChannels",
            "GET /chat/channels",
            Label.MEDIUM,
            _READ,
            "team_chat:read:list_channels:admin",
            _PAGED,
        ),
        _operation(
            "getChannel",
            "GET /chat/users/{userId}/channels/{channelId}",
            Label.MEDIUM,
            _CHANNEL,
            "team_chat:read:user_channel team_chat:read:user_channel:admin",
        ),
        _operation(
            "listChannelMembers",
            "GET /chat/users/{userId}/channels/{channelId}/members",
            Label.MEDIUM,
            _CHANNEL,
            "team_chat:read:list_members team_chat:read:list_members:admin",
            _PAGED,
        ),
        _operation(
            "listChannelAdministrators",
            "GET /chat/users/{userId}/channels/{channelId}/admins",
            Label.MEDIUM,
            "chat_channel:read chat_channel:read:admin",
            "team_chat:read:list_administrators:admin",
            _PAGED,
        ),
        _operation(
            "listChannelActivityLogs",
            "GET /chat/channels/{channelId}/activities",
            Label.LIGHT,
            "chat_channel:read:admin",
            "team_chat:read:list_channel_activity_logs:admin",
            f"{_PAGED} activity_type start_date! end_date!",
        ),
        _operation(
            "listAllChannelActivityLogs",
            "GET /chat/activities/channels",
            Label.LIGHT,
            "chat_channel:read:admin",
            "team_chat:read:list_channel_activity_logs:admin",
            f"{_PAGED} activity_type start_date! end_date! channel_id",
        ),
        _operation(
            "getChannelRetention",
            "GET /chat/channels/{channelId}/retention",
            Label.MEDIUM,
            _READ,
            "team_chat:read:retention:admin",
        ),
        _operation(
            "getForwardedMessage",
            "GET /chat/forwarded_message/{forwardId}",
            Label.LIGHT,
            _MESSAGE,
            "team_chat:read:user_message team_chat:read:user_message:admin",
        ),
        _operation(
            "retrieveThread",
            "GET /chat/users/{userId}/messages/{messageId}/thread",
            Label.MEDIUM,
            "chat_message:read chat_message:read:admin",
            "team_chat:read:thread_message team_chat:read:thread_message:admin",
            "to_channel to_contact from! to limit sort need_main_message need_emoji need_attachment"
            " need_rich_text need_at_items",
        ),
        _operation(
            "listCustomEmojis",
            "GET /chat/emoji",
            Label.LIGHT,
            "chat:read:admin chat:read chat:write:admin chat:write",
            "team_chat:read:list_custom_emojis team_chat:read:list_custom_emojis:admin",
            f"{_PAGED} search_key",
        ),
        _operation(
            "searchCompanyContacts",
            "GET /contacts",
            Label.MEDIUM,
            "contact:read:admin contact:read",
            "contact:read:list_contacts contact:read:list_contacts:admin",
            f"search_key! query_presence_status {_PAGED} contact_types user_status",
        ),
    )
)


def not_allowed(*, granted: frozenset[str], operations: Iterable[str] = OPERATIONS) -> tuple[Operation, ...]:
    """Those of the named operations that a token with these scopes cannot call, in the table's order."""
    wanted = frozenset(operations)
    return tuple(row for row in OPERATIONS.values() if row.id in wanted and not row.is_allowed_by(granted))
