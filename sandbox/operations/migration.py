"""Tag Chat Migration."""

from sandbox.limits import Label
from sandbox.operations.rows import row

_READ = "chat_migration:read:admin"
_WRITE = "chat_migration:write:admin"

ROWS = (
    row(
        "MigrateChannelMembers",
        "POST /chat/migration/channels/{channelId}/members",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:write:migrate_channel_members:admin",
    ),
    row(
        "MigrateChatMessageReactions",
        "POST /chat/migration/emoji_reactions",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:write:migrate_chat_message_reactions:admin",
    ),
    row(
        "getMigrationChannelsMapping",
        "GET /chat/migration/mappings/channels",
        Label.MEDIUM,
        classic=_READ,
        granular="team_chat:read:migrated_channels:admin",
    ),
    row(
        "getMigrationUsersMapping",
        "GET /chat/migration/mappings/users",
        Label.LIGHT,
        classic=_READ,
        granular="team_chat:read:migrated_users:admin",
    ),
    row(
        "MigrateChatMessages",
        "POST /chat/migration/messages",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:write:migrate_chat_messages:admin",
    ),
    row(
        "MigrateAChatChannel",
        "POST /chat/migration/users/{identifier}/channels",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:write:migrate_a_chat_channel:admin",
    ),
    row(
        "Migrate1:1ConversationOrChannelOperations",
        "POST /chat/migration/users/{identifier}/events",
        Label.MEDIUM,
        classic=_WRITE,
    ),
)
