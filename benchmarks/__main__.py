"""`python -m benchmarks [NAME ...] [--messages N]`: run the benchmarks and print their figures.

Each module beside this one with a `run()` is a benchmark. It runs in a process and a database of its own, on the
servers the environment names (DATABASE_OWNER_URL, REDIS_URL) or on embedded ones that write to the disk as in
production; data is thrown away afterwards. A figure by the second is also printed as a share of the benchmark's
ceiling: the figure before it whose name begins with "bare" (or else the first), measured in the same run on the
same machine. Figures that are rows of several are printed as tables.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from psycopg import sql

import benchmarks
from standalone import servers

_CHILD = "--measure"
Row = dict[str, float | None]  # several figures of one thing, by their columns; None: there is none


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; 1 when one of them failed."""
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_"
    )
    options = argparse.ArgumentParser(prog="python -m benchmarks", description="Print the measured figures.")
    options.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(known)} (default all)")
    options.add_argument("--messages", type=int, help="how many, where a benchmark counts in messages")
    given = options.parse_args(arguments)
    if not set(given.names) <= set(known):
        options.error(f"there are {', '.join(known)}")
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as made:
        folder = Path(made)
        folder.chmod(0o711)  # the embedded servers run as a user of their own when root starts them
        environment = _environment(folder)
        results = [
            _measured(name, {**environment, "HOLDFAST_DATA": str(folder / name)}, given.messages)
            for name in given.names or known
        ]
        if (folder / "servers").exists():
            servers.release(folder / "servers", seconds=20)
    return 0 if all(results) else 1


def _environment(folder: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "compliance.settings",
        "SECRET_KEY": "benchmarks only",
    }
    if "DATABASE_OWNER_URL" in os.environ and "REDIS_URL" in os.environ:
        return environment
    return {**servers.attach(folder / "servers", durable=True), **environment}


def _measured(name: str, environment: dict[str, str], messages: int | None) -> bool:
    """Run one benchmark in a process of its own and print its figures."""
    owner = environment["DATABASE_OWNER_URL"]
    database = f"bench_{name}_{os.getpid()}"
    print(f"\n{name}", flush=True)
    with psycopg.connect(_in_database(owner, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        try:
            url = _in_database(owner, database)
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks",
                    _CHILD,
                    name,
                    *(() if messages is None else (str(messages),)),
                ],
                env={**environment, "DATABASE_URL": url, "DATABASE_OWNER_URL": url},
                stdout=subprocess.PIPE,
                check=False,
            )
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
    if done.returncode != 0:
        print("  failed", flush=True)
        return False
    _print(json.loads(done.stdout.splitlines()[-1]))
    return True


def _in_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _print(figures: dict[str, float | Row]) -> None:
    ceiling = next(
        (figure for name, figure in figures.items() if name.startswith("bare") and isinstance(figure, float)),
        None,
    )
    width = max(len(name) for name in figures)
    columns: list[str] = []
    for name, figure in figures.items():
        if isinstance(figure, dict):
            if columns != list(figure):
                columns = list(figure)
                print(f"\n  {'':<{width}}" + "".join(f"{column:>12}" for column in columns), flush=True)
            print(f"  {name:<{width}}" + "".join(map(_shown, figure.values())), flush=True)
            continue
        columns = []
        ceiling = figure if name.startswith("bare") else ceiling
        share = f"{figure / ceiling:8.2f} of bare" if ceiling is not None and name.endswith("/s") else ""
        print(f"  {name:<{width}} {_shown(figure)} {share}".rstrip(), flush=True)


def _shown(figure: float | None) -> str:
    if figure is None:
        return f"{'-':>12}"
    return f"{figure:12,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:12,.2f}"


def _measure(name: str, *messages: str) -> None:
    """In the child: migrate the database, run, and hand the figures over as the last line."""
    django.setup()
    call_command("migrate", verbosity=0)
    run = importlib.import_module(f"benchmarks.{name}").run
    counts = len(messages) > 0 and "messages" in inspect.signature(run).parameters
    print(json.dumps(run(messages=int(messages[0])) if counts else run()))


if __name__ == "__main__":
    if sys.argv[1:2] == [_CHILD]:
        _measure(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
