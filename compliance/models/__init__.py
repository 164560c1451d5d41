"""Columns, constraints and querysets of the console. No rules."""

from compliance.models.audit import AuditEvent
from compliance.models.searches import ListPart, MessageList, SavedSearch
from compliance.models.tags import Note, Tag, TagMark

__all__ = ["AuditEvent", "ListPart", "MessageList", "Note", "SavedSearch", "Tag", "TagMark"]
