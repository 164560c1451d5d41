"""Columns, constraints and querysets of the console. No rules."""
