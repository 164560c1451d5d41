"""The shared corpus beside the checkout, when there is one: real messages, and the nasty values."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).resolve()


def folder() -> Path:
    """The corpus folder; skips the test where there is none."""
    for parent in _HERE.parents:
        found = parent / "shared" / "corpus"
        if found.is_dir():
            return found
    pytest.skip("no shared corpus beside this checkout")


def sample(name: str) -> list[dict[str, Any]]:
    """The lines of one file of the public sample."""
    with gzip.open(folder() / "public-sample" / f"{name}.ndjson.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def torture(*kinds: str) -> dict[str, str]:
    """The nasty texts of some kinds by name, as the archive shows them: no NUL, no lone surrogates."""
    values = json.loads((folder() / "torture.json").read_text())
    return {
        value["name"]: storable(value["value"])
        for value in values
        if value["kind"] in kinds and isinstance(value["value"], str)
    }


def storable(text: str) -> str:
    """A text as Postgres can hold it."""
    return text.replace("\0", "\u2400").encode("utf-8", "replace").decode()
