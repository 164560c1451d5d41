"""The pages of the console that show lists or figures, and the lists of REST that programs read, with their addresses.

An address may say how many pages further to go: `+9` follows the link to the next page nine times.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

from django.test import Client

PAGES: Mapping[str, str] = {
    "overview": "/",
    "overview, what moves": "/overview/facts/",
    "search, nothing sought": "/search/",
    "files not searched": "/search/unsearched/",
    "saved searches": "/searches/",
    "saved search": "/searches/{search}/",
    "lists": "/lists/",
    "frozen list": "/lists/{list}/",
    "lists compared": "/compare/?a=list/{list}&b=list/{other_list}&part=both",
    "tags": "/tags/",
    "busy session, newest": "/sessions/{busy}/",
    "busy session, middle": "/sessions/{busy}/?at={middle}",
    "busy session, back from there": "/sessions/{busy}/?before={position}",
    "busy session, from a day": "/sessions/{busy}/?after={position}",
    "quiet session": "/sessions/{quiet}/",
    "busy session, its calendar": "/sessions/{busy}/completeness/",
    "busy session, a day's transcript": "/sessions/{busy}/transcript/?during={day}&read=1",
    "sessions": "/sessions/",
    "sessions, page 10": "/sessions/+9",
    "sessions by name": "/sessions/?sort=name",
    "sessions by size": "/sessions/?sort=messages",
    "sessions with a gap": "/sessions/?gap=yes",
    "sessions of a person": "/sessions/?named=mira",
    "message": "/messages/{middle}/",
    "message with versions": "/messages/{edited}/",
    "matters": "/matters/",
    "matters, last page": "/matters/+9",
    "matters, by name": "/matters/?named=7&state=active",
    "matter": "/matters/{matter}/",
    "matter: custodians": "/matters/{matter}/custodians/",
    "matter: preserved": "/matters/{matter}/preserved/",
    "matter: hold files": "/matters/{matter}/files/",
    "matter: notices": "/matters/{matter}/notices/",
    "matter: health": "/matters/{matter}/health/",
    "matter: members": "/matters/{matter}/members/",
    "matter: exports": "/matters/{matter}/exports/",
    "matter: timeline": "/matters/{matter}/timeline/",
    "matter: release": "/matters/{matter}/release/",
    "opening a matter": "/matters/open/",
    "finding people": "/matters/people/?find=mira",
    "exports": "/exports/",
    "exports, page 10": "/exports/+9",
    "export": "/exports/{export}/",
    "capture": "/capture/",
    "coverage by day": "/reports/completeness/",
    "coverage of a session": "/reports/completeness/sessions/{busy}/",
    "coverage of a day": "/reports/completeness/days/{day}/",
    "reconciliations": "/reports/reconciliation/",
    "reconciliation": "/reports/reconciliation/runs/{run}/",
    "year: sessions": "/reports/sessions/?from={first}&to={last}&zone=UTC",
    "year: sessions, page 10": "/reports/sessions/?from={first}&to={last}&zone=UTC+9",
    "year: sessions of Berlin": "/reports/sessions/?from={first}&to={last}&zone=Europe/Berlin",
    "year: activity": "/reports/activity/?from={first}&to={last}&zone=Europe/Berlin",
    "year: content": "/reports/content/?from={first}&to={last}&zone=UTC",
    "year: outside": "/reports/outside/?from={first}&to={last}&zone=UTC",
    "year against year": "/reports/months/?from={first}&to={last}&zone=UTC",
    "retention": "/retention/",
    "retention, page 10": "/retention/+9",
    "retention by period": "/retention/?sort=period",
    "retention rules": "/retention/rules/",
    "retention plans": "/retention/plans/",
    "retention plan": "/retention/plans/{plan}/",
    "retention of a channel": "/retention/channels/{setting}/",
    "dispositions": "/disposition/",
    "disposition": "/disposition/{disposition}/",
    "keeping rules": "/disposition/rules/",
    "keeping rule": "/disposition/rules/{rule}/",
    "erasures": "/disposition/erasures/",
    "erasure": "/disposition/erasures/{erasure}/",
    "approvals": "/approvals/",
    "approvals, ended": "/approvals/?show=ended",
    "request": "/approvals/{request}/",
    "notice templates": "/notices/templates/",
    "audit trail": "/audit/",
    "audit trail, deep": "/audit/?before={event}",
    "audit trail of a person": "/audit/?person=officer7",
    "audit trail of a subject": "/audit/?subject=session/1234",
    "audit trail of an action": "/audit/?action=downloaded",
    "audit trail of a week": "/audit/?first_day={week}&last_day={day}",
    "event": "/audit/{event}/",
    "people": "/people/",
    "told": "/told/",
    "system": "/system/",
    "figures for machines": "/metrics",
}
LISTS: Mapping[str, str] = {
    "REST: people": "/api/v1/people/",
    "REST: people, deep": "/api/v1/people/+3",
    "REST: sessions": "/api/v1/sessions/",
    "REST: sessions, deep": "/api/v1/sessions/+9",
    "REST: messages": "/api/v1/sessions/{busy}/messages/",
    "REST: messages, deep": "/api/v1/sessions/{busy}/messages/?after={position}",
    "REST: message": "/api/v1/messages/{middle}/",
    "REST: coverage": "/api/v1/accounts/{account}/coverage/?first={week}&last={day}",
    "REST: matters": "/api/v1/matters/",
    "REST: matter": "/api/v1/matters/{matter}/",
    "REST: holds": "/api/v1/holds/",
    "REST: holds, deep": "/api/v1/holds/+9",
    "REST: lists": "/api/v1/lists/",
    "REST: ids of a list": "/api/v1/lists/{list}/ids/",
    "REST: channels": "/api/v1/retention/channels/",
    "REST: dispositions": "/api/v1/dispositions/",
    "REST: exports": "/api/v1/exports/",
    "REST: audit": "/api/v1/audit/",
    "REST: audit, deep": "/api/v1/audit/?after={event}",
    "REST: log": "/api/v1/log/",
    "REST: checkpoints": "/api/v1/log/checkpoints/",
}
EVERY = {**PAGES, **LISTS}
_NEXT = re.compile(r'rel="next" href="([^"]+)"|href="([^"]+)" rel="next"')


def addresses(client: Client, pages: Mapping[str, str], named: Mapping[str, object]) -> dict[str, str]:
    """Pages with their addresses; what goes further is followed there, or as far as it goes."""
    found = {}
    for name, pattern in pages.items():
        address, _, steps = pattern.format(**named).partition("+")
        for _step in range(int(steps or 0)):
            address = _next(client, address) or address
        found[name] = address
    return found


def get(client: Client, address: str) -> bytes:
    """A whole page. Raises RuntimeError for an answer that is none."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return bytes(answer.getvalue())


def _next(client: Client, address: str) -> str | None:
    said = get(client, address).decode()
    if address.startswith("/api/"):
        following = json.loads(said)["next"]
        return None if following is None else str(following).removeprefix("http://localhost")
    link = _NEXT.search(said)
    return None if link is None else address.partition("?")[0] + html.unescape(link[1] or link[2])
