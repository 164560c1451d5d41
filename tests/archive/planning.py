"""What a statement goes through to answer, by its plan."""

from typing import Any


def rows_touched(node: dict[str, Any]) -> float:
    """The rows that a plan of EXPLAIN (ANALYZE, FORMAT JSON) and the plans within it went through, those left out too."""
    left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    own = (node["Actual Rows"] + left_out) * node["Actual Loops"]
    return float(own) + sum(map(rows_touched, node.get("Plans", ())))
