"""The client's operations as a page: what docs/zoom-operations.md holds and `python -m zoom` prints.

Read from the code itself: the methods, their first sentences, and the rows of the facts they name.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zoom.auth import Credentials
from zoom.client import ZoomClient
from zoom.facts.rows import Operation
from zoom.operations.table import OPERATIONS

_NAMED = re.compile(r"API: (\S+?), ")
_HEAD = """# Operations of the Zoom client

Printed by `python -m zoom`; a test compares. Each group is an attribute of `ZoomClient`. Any one of an operation's
scopes is enough; an app has scopes of one generation only.
"""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a group: the operation it calls, None for the file host behind a download address."""

    group: str
    name: str
    call: Callable[..., object]
    operation: Operation | None

    @property
    def sentence(self) -> str:
        """The first sentence of its docstring."""
        first = " ".join((inspect.getdoc(self.call) or "").partition("\n\n")[0].split())
        return first.partition(". ")[0].rstrip(".") + "."

    @property
    def written(self) -> str:
        """How it is called, optional parameters with their defaults left out."""
        parameters = [one for one in inspect.signature(self.call).parameters.values() if one.name != "self"]
        required = [one.name for one in parameters if one.default is inspect.Parameter.empty]
        more = "…" if len(required) < len(parameters) else ""
        return f"{self.group}.{self.name}({', '.join(filter(None, [*required, more]))})"


def methods() -> Iterator[Method]:
    """Every public method of every group, in the order of the client."""
    nobody = Credentials(account_id="", client_id="", client_secret="")
    with ZoomClient(credentials=nobody) as client:
        groups = {name: group for name, group in vars(client).items() if _is_group(group)}
    for name, group in groups.items():
        for method, call in vars(type(group)).items():
            if inspect.isfunction(call) and not method.startswith("_"):
                named = _NAMED.search(" ".join((inspect.getdoc(call) or "").split()))
                yield Method(name, method, call, None if named is None else OPERATIONS[named[1]])


def page() -> str:
    """All of them as Markdown, a table a group."""
    parts = [_HEAD]
    group = ""
    for one in methods():
        if one.group != group:
            group = one.group
            parts.append(
                f"\n## {group}\n\n| call | does | operation | label | scopes |\n|---|---|---|---|---|\n"
            )
        parts.append(_row(one))
    return "".join(parts)


def _row(one: Method) -> str:
    known = one.operation
    if known is None:
        return f"| `{one.written}` | {one.sentence} | none | none | none |\n"
    scopes = " ".join(f"`{scope}`" for scope in (*known.granular, *known.scopes))
    label = "none" if known.label is None else known.label
    return f"| `{one.written}` | {one.sentence} | {known.id} | {label} | {scopes} |\n"


def _is_group(value: object) -> bool:
    return type(value).__module__.startswith("zoom.operations.")
