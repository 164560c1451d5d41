"""A query's tree spelled out as one line of text, to be kept beside the query as it was typed.

Equal trees are spelled alike, different ones differently; what has its default is left out, so that a tree of an older
version of the language keeps its spelling when a node gains a field. Comparing spellings is how a saved query is known
to still mean what it meant.
"""

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from archive.search.query import Ast


def out(ast: Ast) -> str:
    """The tree as text: `And(parts=[Words(text="budget"), Has(property="file")])`."""
    return _value(ast)


def _value(value: Any) -> str:
    if is_dataclass(value):
        inside = [
            f"{one.name}={_value(getattr(value, one.name))}"
            for one in fields(value)
            if one.compare and not _is_default(one, getattr(value, one.name))
        ]
        return f"{type(value).__name__}({', '.join(inside)})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Enum):
        return json.dumps(value.value)
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    return json.dumps(value)


def _is_default(one: Field[Any], value: Any) -> bool:
    return one.default is not MISSING and one.default == value
