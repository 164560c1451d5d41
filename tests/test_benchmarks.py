"""The benchmarks run: a figure that cannot be measured again is no figure."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import _console_pages, console

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.timeout(900)  # it starts a server or more, on a machine that others use
def test_an_account_is_captured_and_indexed_by_the_benchmark() -> None:
    """`make bench` captures small worlds by the product's own commands and prints figures with their ceilings."""
    argv = [sys.executable, "-m", "benchmarks", "capture", "--messages", "2000"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "capture of 2,000, index following, messages/s" in done.stdout
    assert "of bare" in done.stdout
    assert "memory of capture at 2,000, MB" in done.stdout


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.timeout(900)  # it starts a server or more, on a machine that others use
def test_searches_are_measured_beside_the_bare_engine_and_two_others() -> None:
    """Every search finds the same messages with and without our layers, and stands in one table with its rivals."""
    argv = [sys.executable, "-m", "benchmarks", "search", "--messages", "3000"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for column in ("p95", "times bare", "Postgres", "SQLite", "cold p95", "bare cold"):
        assert column in done.stdout
    for figure in ("word in 33 %", "page 200", "index / texts", "searches meanwhile", "page of the console"):
        assert figure in done.stdout


@pytest.mark.django_db
def test_every_page_of_the_console_is_measured_and_asks_no_more_for_more() -> None:
    """What a year leaves can be made small and large; every page answers, and its queries stay as many."""
    few, many = console.sizes(600)
    town = console.settled(places=40)
    console.grow(town, console.NOTHING, few)
    client = console.signed_in()
    before = console.counted(client)
    console.grow(town, few, many)
    some = {name: _console_pages.EVERY[name] for name in ("matter", "REST: sessions, deep")}
    figures = console.measured(client, some, before=before, seconds=0)
    assert [list(row) for row in figures.values()] == [["p50", "p95", "queries", "slowest"]] * 2
    with pytest.raises(RuntimeError, match="more queries of more"):
        console.measured(client, some, before=dict.fromkeys(some, 0))


def test_an_unknown_benchmark_is_named() -> None:
    """Whoever mistypes is told what there is."""
    argv = [sys.executable, "-m", "benchmarks", "captrue"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        "there are capture, console, destruction, download, export, formats, holds, ingest, log, reports, search, work"
        in done.stderr
    )
