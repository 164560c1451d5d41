"""The one log on the terminal: what every process says, line by line behind its name.

Control characters other than the tab are replaced, so that nothing a program prints can move the cursor or
dress itself up as another program's line. The servers' log files are followed from where they are when
following begins.
"""

import sys
from pathlib import Path
from typing import TextIO

NAME_WIDTH = 9
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
_INERT = dict.fromkeys((*range(9), *range(10, 32), *range(127, 160)), "�")


class Terminal:
    """Lines behind names, in colour when somebody looks."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self._coloured = self._out.isatty()
        self._seen: list[str] = []

    def say(self, name: str, line: str) -> None:
        """One line of one program."""
        label = f"{name:<{NAME_WIDTH}}|"
        if self._coloured:
            if name not in self._seen:
                self._seen.append(name)
            colour = COLOURS[self._seen.index(name) % len(COLOURS)]
            label = f"\033[{colour}m{label}\033[0m"
        print(label, line.translate(_INERT), file=self._out, flush=True)

    def plain(self, text: str) -> None:
        """Words of our own to the person at the terminal."""
        print(text, file=self._out, flush=True)


class Follower:
    """New lines of log files that other processes write."""

    def __init__(self, files: dict[str, Path], *, terminal: Terminal) -> None:
        self._terminal = terminal
        self._places = {name: (path, _size(path)) for name, path in files.items()}

    def catch_up(self) -> None:
        """Say every whole line written since the last time; a file that became shorter begins anew."""
        for name, (path, place) in self._places.items():
            size = _size(path)
            if size == place:
                continue
            with path.open("rb") as file:
                file.seek(place if size > place else 0)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            for line in whole.decode(errors="replace").splitlines():
                self._terminal.say(name, line)
            self._places[name] = (path, (place if size > place else 0) + len(whole))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
