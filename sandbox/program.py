"""The sandbox's command line: which world, which account, which port.

It prints one line when it answers, and writes its port to `--port-file` when one is given, after it listens.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sandbox import app as application
from sandbox import faults, scenarios, server
from sandbox.clock import Clock, moment
from sandbox.instance import Account
from sandbox.journal import Journal
from sandbox.limits import Plan
from sandbox.operations.table import CLASSIC_SCOPES, GRANULAR_SCOPES
from sandbox.tokens import Credentials
from sandbox.webhooks import subscription as subscriptions
from sandbox.webhooks.subscription import Subscription

_GENERATIONS = {"classic": CLASSIC_SCOPES, "granular": GRANULAR_SCOPES}


def parser() -> argparse.ArgumentParser:
    """Every option of the program."""
    options = argparse.ArgumentParser(prog="python -m sandbox", description="A pretend Zoom Team Chat API.")
    add = options.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    add("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    add("--port-file", type=Path, help="file to write the port to once it listens")
    add("--scenario", choices=scenarios.NAMES, default="acme", help="which world (default acme)")
    add("--corpus", type=Path, help="folder of gzipped NDJSON to use as the world instead")
    add("--torture", type=Path, help="file of nasty values for the awkward scenario")
    add("--messages", type=int, default=100_000, help="size of the busy scenario")
    add("--seed", default="1", help="what makes the world this one and no other")
    add("--now", help="the world's moment at start, ISO 8601 in UTC (default: the real one)")
    add("--speed", type=float, default=1.0, help="world seconds in a real second; 0 freezes the world")
    add("--live", type=float, help="messages a minute while it runs (acme: 6, otherwise 0)")
    add("--plan", type=Plan, choices=list(Plan), default=Plan.BUSINESS, help="the account's plan")
    add("--no-rate-limit", action="store_true", help="keep no rate limits (for benchmarks)")
    add("--scopes", default="classic", help="'classic', 'granular', or the granted scopes themselves")
    add("--client-id", help="accept only this client id (default: any)")
    add("--client-secret", help="accept only this client secret (default: any)")
    add("--account-id", help="accept only this account id (default: any)")
    add("--state", type=Path, help="file that remembers the world across restarts")
    add("--faults", default="", help="how to misbehave, e.g. 'seed=7;cut_body:p=0.01'")
    add("--webhook-url", help="where to post the events of the world (default: nowhere)")
    add("--webhook-secret", default="", help="the secret token the events are signed with")
    add("--webhook-events", default="", help="only these, e.g. 'chat_message.*,team_chat.dm_*' (default all)")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted."""
    given = parser().parse_args(arguments)
    try:
        rules, seed = faults.read(given.faults)
        subscription = _subscription(given)
        clock = Clock(start=_start(given.now), speed=given.speed)
        journal = None
        if given.state is not None:
            journal = Journal(given.state, title=f"{given.scenario} {given.seed}", now_ms=clock.now_ms())
            clock = Clock(start=moment(journal.start_ms), speed=given.speed)
        scenario = scenarios.build(
            given.scenario,
            clock=clock,
            seed=given.seed,
            corpus=given.corpus,
            torture=given.torture,
            messages=given.messages,
        )
        if journal is not None:
            journal.replay(scenario.world)
            clock.advance(seconds=max(0, _start_ms(given.now) - clock.now_ms()) / 1000)
        listening = server.listen(host=given.host, port=given.port)
    except (ValueError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    app = application.build(
        scenario.world,
        account=_account(given),
        source=scenario.source,
        act=scenario.act,
        live_per_minute=scenario.live_per_minute if given.live is None else given.live,
    )
    app.state.instance.faults.add(rules, seed=seed)
    if subscription is not None:
        app.state.instance.webhooks.subscribe(subscription)
    port = listening.getsockname()[1]
    listening.listen(128)  # before the port file: whoever reads it may connect
    if given.port_file is not None:
        _write_whole(given.port_file, str(port))
    print(f"sandbox: {scenario.name} at http://{given.host}:{port}", flush=True)
    server.server_of(app).run([listening])
    return 0


def _account(given: argparse.Namespace) -> Account:
    return Account(
        plan=given.plan,
        credentials=Credentials(given.client_id, given.client_secret, given.account_id),
        scopes=_GENERATIONS.get(given.scopes) or frozenset(given.scopes.replace(",", " ").split()),
        rate_limit=not given.no_rate_limit,
    )


def _subscription(given: argparse.Namespace) -> Subscription | None:
    if given.webhook_url is None:
        return None
    events = given.webhook_events.replace(",", " ").split()
    return subscriptions.made(given.webhook_url, secret=given.webhook_secret, events=events)


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    start = datetime.fromisoformat(text)
    return start.replace(tzinfo=UTC) if start.tzinfo is None else start


def _start_ms(text: str | None) -> int:
    return Clock(start=_start(text), speed=0).now_ms()


def _write_whole(path: Path, text: str) -> None:
    """A reader sees the whole file or none."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text)
    os.replace(partial, path)
