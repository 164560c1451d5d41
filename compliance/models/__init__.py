"""Columns, constraints and querysets of the console. No rules."""

from compliance.models.approvals import Request
from compliance.models.audit import AuditEvent
from compliance.models.matters import Custodian, Hold, Matter, MatterMember, ZoomMatter
from compliance.models.searches import ListPart, MessageList, SavedSearch
from compliance.models.tags import Note, Tag, TagMark
from compliance.models.told import Told

__all__ = [
    "AuditEvent",
    "Custodian",
    "Hold",
    "ListPart",
    "Matter",
    "MatterMember",
    "MessageList",
    "Note",
    "Request",
    "SavedSearch",
    "Tag",
    "TagMark",
    "Told",
    "ZoomMatter",
]
