"""The rules of the house, checked on the code itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("zoom", "sandbox", "standalone", "archive", "compliance", "benchmarks")
WALL = 400
PROGRAMS = {"archive/verify_package.py": 600}
"""One file that an auditor gets and reads alone: it cannot share its nouns with others."""
SHAPELESS = {"utils", "helpers", "common", "misc", "base", "services", "managers"}


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_passes_the_wall() -> None:
    """A file that outgrows 400 lines hides a noun that wants its own file."""
    over = {named(path): n for path in modules() if (n := len(path.read_text().splitlines())) > WALL}
    over = {name: n for name, n in over.items() if n > PROGRAMS.get(name, WALL)}
    assert not over


def test_no_command_looks_the_code_over_before_it_starts() -> None:
    """Django's system checks import every page, for a second; `make check` runs them, and no operator waits for them."""
    slow = [
        named(path)
        for path in modules()
        if path.parent.name == "commands"
        and "(BaseCommand)" in path.read_text()
        and "requires_system_checks = ()" not in path.read_text()
    ]
    assert not slow


def test_every_module_says_what_it_is_for() -> None:
    """The design lives in module docstrings."""
    mute = [
        named(path)
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [name for name in mute if not name.endswith("__init__.py")] == []


def test_no_module_collects() -> None:
    """A file is named for the noun it answers, never for being useful."""
    assert [named(path) for path in modules() if path.stem in SHAPELESS] == []


def test_nothing_is_left_for_later() -> None:
    """A stub is not a feature."""
    mark = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    assert [named(path) for path in modules() if mark.search(path.read_text())] == []


def test_functions_fit_on_a_screen() -> None:
    """Sixty lines is the wall for a function."""
    over = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 60:
                    over.append(f"{named(path)}:{node.lineno} {node.name} {lines}")
    assert not over


def test_no_import_hides_inside_a_function_of_ours_to_break_a_cycle() -> None:
    """A cycle means a missing noun. Only heavy third-party imports may wait for their call."""
    hidden = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for inner in ast.walk(node):
                    module = getattr(inner, "module", None) if isinstance(inner, ast.ImportFrom) else None
                    if module and module.split(".")[0] in PACKAGES:
                        hidden.append(f"{named(path)}:{inner.lineno} {module}")
    assert not hidden


def test_imports_point_one_way() -> None:
    """The contracts in pyproject.toml hold."""
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed beside this Python")
    done = subprocess.run([str(linter)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_setting_is_documented() -> None:
    """Whatever the environment may say is in docs/settings.md."""
    read = re.compile(r"""env(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]+)["']""")
    names = {
        name for path in (ROOT / "compliance").glob("settings*.py") for name in read.findall(path.read_text())
    }
    documented = (ROOT / "docs" / "settings.md").read_text()
    assert sorted(name for name in names if f"`{name}`" not in documented) == []
