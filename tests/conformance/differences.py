"""Where client, sandbox and description differ on purpose, each with its reason.

An entry that is not needed any more makes a test fail.
"""

from __future__ import annotations

NOT_SENT: dict[tuple[str, str], str] = {
    ("listAllChannelActivityLogs", "activity_type"): "it has one choice, which is the default",
    ("listChannelActivityLogs", "activity_type"): "it has one choice, which is the default",
}
"""Parameters that no method of the client offers: operation and name."""

REPLIES: dict[tuple[str, str], str] = {
    ("listUserLevelChannelMembers", 'members.each.email: "" is not a "email"'): "empty for an outsider",
    ("listChannelMembers", 'members.each.email: "" is not a "email"'): "empty for an outsider",
}
"""Complaints about replies that are none: operation and part of the complaint."""

_MOMENT = (
    "a moment here; its schema says so only of one that must name its zone, which is asked for when written"
)
_EMAIL = "what an e-mail is, is for Zoom to say: here it must have an @"
_COMMAS = "a list here, joined by commas when it is sent; how many is said in the prose"
_PROSE = "said in the prose"
_NAME = "an empty name is nobody's"
_FILE = "a file's name and size here; its bytes are sent as a part of the form"

FACTS: dict[tuple[str, str, str], str] = {
    ("*", "query.page_size", "minimum"): "a page of less than one is none",
    ("*", "query.*identifiers*", "*"): _COMMAS,
    ("*", "query.*_ids*", "*"): _COMMAS,
    ("reportChatMessages", "query.include_fields*", "*"): _COMMAS,
    ("searchCompanyContacts", "query.contact_types*", "*"): _COMMAS,
    ("*", "body.*email", "format"): _EMAIL,
    ("*", "body.*email", "pattern"): _EMAIL,
    ("getChat*", "query.from", "format"): _MOMENT,
    ("getChat*", "query.to", "format"): _MOMENT,
    ("sendaChatMessage", "body.scheduled_time", "format"): _MOMENT,
    ("createReminderForMessage", "body.remind_time", "format"): _MOMENT,
    ("*", "*identifier", "minLength"): _NAME,
    ("addLegalHoldMatter", "body.identifiers.each", "minLength"): _NAME,
    ("downloadLegalHoldFiles", "query.file_key", "minLength"): "an empty parameter counts as absent",
    ("searchCompanyContacts", "query.search_key", "minLength"): "an empty parameter counts as absent",
    ("createChannel", "body.members", "maxItems"): _PROSE,
    ("inviteChannelMembers", "body.members", "maxItems"): _PROSE,
    ("addAChannelMembersToMentionGroup", "body.identifiers", "maxItems"): _PROSE,
    ("editMessage", "body.interactive_cards", "maxItems"): _PROSE,
    ("getUserContacts", "query.type", "enum"): _PROSE,
    ("imGroupMembersCreate", "body.members", "max*"): "the schema bounds the list as if it were a number",
    ("promoteChannelMembersAsAdmin", "body.admins.each.*", "required"): "one of the two is required",
    ("listSharedSpaces", "query.page_size", "type"): "a number, described as text",
    ("uploadAChatFile", "query.postToPersonalChat", "type"): "true or false, described as text",
    ("uploadAChatFile", "body.file*", "*"): _FILE,
    ("sendChatFile", "body.files*", "*"): _FILE,
    ("addACustomEmoji", "body.file*", "*"): _FILE,
    ("addACustomEmoji", "body.name", "pattern"): "the same; `$` would let a line break follow",
}
"""Bounds that our structs have and the schemas have not, or the other way: operation, place and keyword.

`*` stands for any operation or any part of a place, `each` for the entries of a list.
"""
