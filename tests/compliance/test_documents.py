"""What the documents say of the console is what the console does."""

from pathlib import Path

from compliance.permissions import MATRIX, Action, Role

ROOT = Path(__file__).resolve().parent.parent.parent


def matrix() -> str:
    """The matrix as a table, a row an action."""
    head = "| may | " + " | ".join(role.value for role in Role) + " |"
    rows = [
        f"| {action.value} | " + " | ".join("yes" if action in MATRIX[role] else "" for role in Role) + " |"
        for action in Action
    ]
    return "\n".join([head, "|---" * (len(Role) + 1) + "|", *rows])


def test_the_matrix_is_drawn_as_it_is() -> None:
    """docs/permissions.md shows the matrix of today."""
    assert matrix() in (ROOT / "docs" / "permissions.md").read_text()
