"""What the sandbox knows of an operation: path, rate-limit label and the scopes that allow it.

An app holds scopes of one generation, classic or granular; one scope of either list is enough.
"""

from dataclasses import dataclass

from sandbox.limits import Label


@dataclass(slots=True, frozen=True)
class Operation:
    """One operation of the API as its reference lists it."""

    id: str
    method: str
    path: str
    label: Label
    classic_scopes: tuple[str, ...]
    granular_scopes: tuple[str, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that allows the operation."""
        return self.granular_scopes + self.classic_scopes


def row(id: str, request: str, label: Label, *, classic: str, granular: str = "") -> Operation:
    """An operation from its compact spelling: `METHOD /path`, scopes parted by spaces."""
    method, path = request.split()
    return Operation(id, method, path, label, tuple(classic.split()), tuple(granular.split()))
