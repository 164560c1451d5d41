"""Which operations the sandbox answers: path, rate-limit label and the scopes that allow each.

An app holds scopes of one generation, classic or granular; one scope of either list is enough. The table is
the single place that knows them; `routes/` brings the behaviour, one module per tag of the API.
"""

from dataclasses import dataclass

from sandbox.limits import Label


@dataclass(slots=True, frozen=True)
class Operation:
    """One operation of the API as its reference lists it."""

    id: str
    method: str
    path: str
    label: Label
    classic_scopes: tuple[str, ...]
    granular_scopes: tuple[str, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that allows the operation."""
        return self.granular_scopes + self.classic_scopes


def _operation(id: str, method: str, path: str, label: Label, classic: str, granular: str) -> Operation:
    return Operation(id, method, path, label, tuple(classic.split()), tuple(granular.split()))


_TABLE = (
    _operation(
        "reportChatSessions",
        "GET",
        "/report/chat/sessions",
        Label.MEDIUM,
        "report_chat:read:admin imchat:read:admin",
        "report:read:list_chat_sessions:admin",
    ),
    _operation(
        "reportChatMessages",
        "GET",
        "/report/chat/sessions/{sessionId}",
        Label.MEDIUM,
        "report_chat:read:admin imchat:read:admin",
        "report:read:chat_session:admin",
    ),
    _operation(
        "listLegalHoldMatters",
        "GET",
        "/chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        "chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        "team_chat:read:list_legal_hold_matters:admin",
    ),
    _operation(
        "addLegalHoldMatter",
        "POST",
        "/chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        "chat_history_legal_hold:write:admin",
        "team_chat:write:legal_hold_matter:admin",
    ),
    _operation(
        "updateLegalHoldMatter",
        "PATCH",
        "/chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        "chat_history_legal_hold:write:admin",
        "team_chat:update:legal_hold_matter:admin",
    ),
    _operation(
        "deleteLegalHoldMatters",
        "DELETE",
        "/chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        "chat_history_legal_hold:write:admin",
        "team_chat:delete:legal_hold_matter:admin",
    ),
    _operation(
        "listLegalHoldFiles",
        "GET",
        "/chat/legalhold/matters/{matterId}/files",
        Label.LIGHT,
        "chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        "team_chat:read:list_legal_hold_matter_files:admin",
    ),
    _operation(
        "downloadLegalHoldFiles",
        "GET",
        "/chat/legalhold/matters/{matterId}/files/download",
        Label.LIGHT,
        "chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        "team_chat:read:legal_hold_matter_file:admin",
    ),
    _operation(
        "getFileInfo",
        "GET",
        "/chat/files/{fileId}",
        Label.LIGHT,
        "chat:read",
        "team_chat:read:file team_chat:read:file:admin",
    ),
    _operation(
        "getAccountChannels",
        "GET",
        "/chat/channels",
        Label.MEDIUM,
        "chat_channel:read:admin chat_channel:write:admin",
        "team_chat:read:list_channels:admin",
    ),
    _operation(
        "getChannel",
        "GET",
        "/chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        "chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        "team_chat:read:user_channel team_chat:read:user_channel:admin",
    ),
    _operation(
        "listChannelMembers",
        "GET",
        "/chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        "chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        "team_chat:read:list_members team_chat:read:list_members:admin",
    ),
    _operation(
        "listChannelAdministrators",
        "GET",
        "/chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        "chat_channel:read chat_channel:read:admin",
        "team_chat:read:list_administrators:admin",
    ),
    _operation(
        "listChannelActivityLogs",
        "GET",
        "/chat/channels/{channelId}/activities",
        Label.LIGHT,
        "chat_channel:read:admin",
        "team_chat:read:list_channel_activity_logs:admin",
    ),
    _operation(
        "listAllChannelActivityLogs",
        "GET",
        "/chat/activities/channels",
        Label.LIGHT,
        "chat_channel:read:admin",
        "team_chat:read:list_channel_activity_logs:admin",
    ),
    _operation(
        "getChannelRetention",
        "GET",
        "/chat/channels/{channelId}/retention",
        Label.MEDIUM,
        "chat_channel:read:admin chat_channel:write:admin",
        "team_chat:read:retention:admin",
    ),
    _operation(
        "updateChannelRetention",
        "PATCH",
        "/chat/channels/{channelId}/retention",
        Label.MEDIUM,
        "chat_channel:write:admin",
        "team_chat:update:retention:admin",
    ),
    _operation(
        "getForwardedMessage",
        "GET",
        "/chat/forwarded_message/{forwardId}",
        Label.LIGHT,
        "chat_message:read chat_message:read:admin chat_message:write chat_message:write:admin",
        "team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    _operation(
        "retrieveThread",
        "GET",
        "/chat/users/{userId}/messages/{messageId}/thread",
        Label.MEDIUM,
        "chat_message:read chat_message:read:admin",
        "team_chat:read:thread_message team_chat:read:thread_message:admin",
    ),
    _operation(
        "listCustomEmojis",
        "GET",
        "/chat/emoji",
        Label.LIGHT,
        "chat:read:admin chat:read chat:write:admin chat:write",
        "team_chat:read:list_custom_emojis team_chat:read:list_custom_emojis:admin",
    ),
    _operation(
        "searchCompanyContacts",
        "GET",
        "/contacts",
        Label.MEDIUM,
        "contact:read:admin contact:read",
        "contact:read:list_contacts contact:read:list_contacts:admin",
    ),
)

OPERATIONS: dict[str, Operation] = {operation.id: operation for operation in _TABLE}
CLASSIC_SCOPES = frozenset(scope for operation in _TABLE for scope in operation.classic_scopes)
GRANULAR_SCOPES = frozenset(scope for operation in _TABLE for scope in operation.granular_scopes)
