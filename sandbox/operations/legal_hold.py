"""Tag Legal Hold."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "listLegalHoldMatters",
        "GET /chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        classic="chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        granular="team_chat:read:list_legal_hold_matters:admin",
    ),
    row(
        "addLegalHoldMatter",
        "POST /chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        classic="chat_history_legal_hold:write:admin",
        granular="team_chat:write:legal_hold_matter:admin",
    ),
    row(
        "updateLegalHoldMatter",
        "PATCH /chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        classic="chat_history_legal_hold:write:admin",
        granular="team_chat:update:legal_hold_matter:admin",
    ),
    row(
        "deleteLegalHoldMatters",
        "DELETE /chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        classic="chat_history_legal_hold:write:admin",
        granular="team_chat:delete:legal_hold_matter:admin",
    ),
    row(
        "listLegalHoldFiles",
        "GET /chat/legalhold/matters/{matterId}/files",
        Label.LIGHT,
        classic="chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        granular="team_chat:read:list_legal_hold_matter_files:admin",
    ),
    row(
        "downloadLegalHoldFiles",
        "GET /chat/legalhold/matters/{matterId}/files/download",
        Label.LIGHT,
        classic="chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin",
        granular="team_chat:read:legal_hold_matter_file:admin",
    ),
)
