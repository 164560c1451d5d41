"""What processes say reaches the terminal and cannot do anything to it."""

import io
from pathlib import Path

from standalone.terminal import Follower, Terminal


def test_control_characters_are_inert() -> None:
    """A message quoted in an error must not clear the screen or imitate another program."""
    out = io.StringIO()
    Terminal(out).say("web", "\x1b[2Jfine\rworker   | forged\x9b")
    assert out.getvalue() == "web      | \ufffd[2Jfine\ufffdworker   | forged\ufffd\n"


def test_a_log_is_followed_from_now_on_in_whole_lines(tmp_path: Path) -> None:
    """What earlier runs wrote is history; half a line waits for its other half; a log put aside starts anew."""
    log, out = tmp_path / "postgres.log", io.StringIO()
    log.write_text("old\n")
    follower = Follower({"postgres": log, "redis": tmp_path / "missing"}, terminal=Terminal(out))
    with log.open("a") as file:
        file.write("new\nhal")
    follower.catch_up()
    with log.open("a") as file:
        file.write("f\n")
    follower.catch_up()
    log.write_text("fresh\n")
    follower.catch_up()
    assert out.getvalue().splitlines() == ["postgres | new", "postgres | half", "postgres | fresh"]
