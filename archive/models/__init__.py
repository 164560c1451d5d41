"""Columns, constraints and querysets of the record. No rules."""
