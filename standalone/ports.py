"""Ports: whether one is free, who has it, and one that stays the same from start to start."""

import errno
import socket
from pathlib import Path

from standalone.problems import CannotStart


def check_free(host: str, port: int, *, instead: str) -> None:
    """Raise CannotStart, saying what to do `instead`, unless a server could listen there now."""
    try:
        _try(host, port)
    except OSError as problem:
        raise CannotStart(f"{_why(host, port, problem)} {instead}") from problem


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1.0):
            return True
    except OSError:
        return False


def lasting(path: Path) -> int:
    """The loopback port noted in the file, or a new one when there is none or another program has it now."""
    try:
        port = int(path.read_text())
        _try("127.0.0.1", port)
    except (OSError, ValueError):
        port = _try("127.0.0.1", 0)
        path.write_text(str(port))
    return port


def _try(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)  # two sockets may be bound to one port with this option, but only one may listen
        return int(probe.getsockname()[1])


def _why(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program."
    if problem.errno == errno.EACCES:
        return f"Port {port} may only be used by root."
    return f"Nothing can listen on {host}, port {port} ({problem.strerror})."
