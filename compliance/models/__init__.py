"""Columns, constraints and querysets of the console. No rules."""

from compliance.models.audit import AuditEvent

__all__ = ["AuditEvent"]
