"""Every address of the console against everyone who may ask for it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from compliance.models import AuditEvent, Wording
from compliance.permissions import MATRIX, Action, Role
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import Shelf, second_officer
from tests.compliance.conftest import As
from tests.compliance.reports.kept import reconciled
from tests.compliance.retention import desks

OPEN = {
    "accounts/login/",
    "accounts/signup/",
    "accounts/inactive/",
    "accounts/oidc/login/",
    "accounts/oidc/login/callback/",
    "accounts/oidc/cancelled/",
    "accounts/password/1/1/",
    "acknowledge/1/",
    "healthz",
    "readyz",
    "api/schema/",
}
NEEDS = {
    "/capture/": Action.SEE_COMPLETENESS,
    "/overview/facts/": Action.SEE_COMPLETENESS,
    "/overview/activity/": Action.SEE_COMPLETENESS,
    "/capture/progress/": Action.SEE_COMPLETENESS,
    "/sessions/": Action.SEE_COMPLETENESS,
    "/sessions/{session}/completeness/": Action.SEE_COMPLETENESS,
    "/sessions/{session}/": Action.READ_MESSAGES,
    "/sessions/{session}/transcript/?during=2026-11": Action.READ_MESSAGES,
    "/sessions/{session}/transcript/?during=2026-11&read=1": Action.READ_MESSAGES,
    "/sessions/{session}/transcript/take/?during=2026-11&as=txt": Action.DOWNLOAD,
    "/messages/{message}/": Action.READ_MESSAGES,
    "/search/preview/{message}/?session={session}": Action.READ_MESSAGES,
    "/search/": Action.SEARCH,
    "/search/?q=plain": Action.SEARCH,
    "/search/?q=plain&order=relevant&after=1.1": Action.SEARCH,
    "/sessions/{session}/?q=plain&hit=0.0": Action.READ_MESSAGES,
    "/search/hand-over/?q=plain": Action.SAVE_SEARCH,  # and seeing matters, which the same roles may
    "/search/unsearched/": Action.READ_MESSAGES,
    "/search/unsearched/?show=waiting": Action.READ_MESSAGES,
    "/files/{file}/": Action.DOWNLOAD,
    "/searches/": Action.SEARCH,
    "/searches/{search}/": Action.SEARCH,
    "/lists/": Action.READ_MESSAGES,
    "/lists/{list}/": Action.READ_MESSAGES,
    "/lists/{list}/progress/": Action.SEARCH,
    "/lists/{list}/take/?as=csv": Action.TAKE_LIST,
    "/compare/": Action.SEARCH,
    "/compare/?a=list/{list}&b=list/{list}": Action.SEARCH,
    "/matters/": Action.SEE_MATTER,
    "/matters/?state=released": Action.SEE_MATTER,
    "/matters/open/": Action.OPEN_MATTER,
    "/matters/people/?find=a": Action.OPEN_MATTER,
    "/sessions/{session}/hold/": Action.OPEN_MATTER,
    "/matters/conversations/?place_named=a": Action.OPEN_MATTER,
    "/matters/{matter}/": Action.SEE_MATTER,
    "/matters/{matter}/custodians/": Action.SEE_MATTER,
    "/matters/{matter}/conversations/": Action.SEE_MATTER,
    "/matters/{matter}/preserved/": Action.SEE_MATTER,
    "/matters/{matter}/files/": Action.SEE_MATTER,
    "/matters/{matter}/files/progress/": Action.SEE_MATTER,
    "/matters/{matter}/search/": Action.SEARCH,
    "/matters/{matter}/search/?q=plain": Action.SEARCH,
    "/matters/{matter}/preserved/progress/": Action.SEE_MATTER,
    "/matters/{matter}/health/progress/": Action.SEE_MATTER,
    "/matters/{matter}/release/": Action.RELEASE,
    "/matters/{matter}/members/": Action.SEE_MATTER,
    "/matters/{matter}/timeline/": Action.SEE_MATTER,
    "/matters/{matter}/exports/": Action.EXPORT,
    "/exports/": Action.EXPORT,
    "/exports/?state=ready": Action.EXPORT,
    "/exports/ask/matter/{matter}/": Action.EXPORT,
    "/exports/{export}/": Action.EXPORT,
    "/exports/{export}/progress/": Action.EXPORT,
    "/exports/{export}/parts/1/": Action.EXPORT,
    "/exports/{export}/certificate/": Action.EXPORT,
    "/reports/completeness/": Action.SEE_COMPLETENESS,
    "/reports/completeness/sessions/{session}/": Action.SEE_COMPLETENESS,
    "/reports/completeness/days/2026-11-02/?session={session}": Action.SEE_COMPLETENESS,
    "/reports/reconciliation/": Action.SEE_COMPLETENESS,
    "/reports/reconciliation/plan/": Action.PLAN_RECONCILIATION,
    "/reports/reconciliation/runs/{run}/?check=1": Action.SEE_COMPLETENESS,
    "/reports/reconciliation/runs/{run}/progress/": Action.SEE_COMPLETENESS,
    "/reports/reconciliation/runs/{run}/take/": Action.TAKE_REPORT,
    "/reports/reconciliation/runs/{run}/sessions/{session}/": Action.SEE_COMPLETENESS,
    "/tags/": Action.SEARCH,
    "/reports/sessions/": Action.SEE_REPORTS,
    "/reports/sessions/take/": Action.TAKE_REPORT,
    "/reports/activity/": Action.SEE_REPORTS,
    "/reports/content/": Action.SEE_REPORTS,
    "/reports/outside/": Action.SEE_REPORTS,
    "/reports/months/": Action.SEE_REPORTS,
    "/reports/take/months/": Action.TAKE_REPORT,
    "/reports/take/activity/?part=people": Action.TAKE_REPORT,
    "/audit/": Action.SEE_AUDIT,
    "/approvals/": Action.SEE_REQUESTS,
    "/approvals/?show=ended": Action.SEE_REQUESTS,
    "/approvals/{request}/": Action.SEE_REQUESTS,
    "/approvals/{request}/awaited/": Action.SEE_REQUESTS,
    "/notices/templates/": Action.SEE_WORDINGS,
    "/notices/templates/{wording}/": Action.SEE_WORDINGS,
    "/notices/templates/hold/write/": Action.WRITE_WORDINGS,
    "/disposition/": Action.SEE_DISPOSITION,
    "/disposition/{disposition}/": Action.SEE_DISPOSITION,
    "/disposition/{disposition}/progress/": Action.SEE_DISPOSITION,
    "/disposition/erasures/": Action.SEE_ERASURES,
    "/disposition/erasures/{erasure}/": Action.SEE_ERASURES,
    "/disposition/erasures/take/?find=a": Action.TAKE_ERASURE,
    "/disposition/rules/": Action.SEE_DISPOSITION,
    "/disposition/rules/?ended": Action.SEE_DISPOSITION,
    "/disposition/rules/{rule}/": Action.SEE_DISPOSITION,
    "/disposition/rules/write/": Action.SET_KEEPING,
    "/disposition/rules/{rule}/replace/": Action.SET_KEEPING,
    "/retention/": Action.SEE_RETENTION,
    "/retention/?show=shorter&sort=period": Action.SEE_RETENTION,
    "/retention/channels/{setting}/": Action.SEE_RETENTION,
    "/retention/rules/": Action.SEE_RETENTION,
    "/retention/rules/{zoom_rule}/": Action.SEE_RETENTION,
    "/retention/rules/write/": Action.SET_RETENTION,
    "/retention/rules/write/?replaces={zoom_rule}": Action.SET_RETENTION,
    "/retention/plans/": Action.SEE_RETENTION,
    "/retention/plans/{plan}/": Action.SEE_RETENTION,
    "/retention/plans/{plan}/?part=lengthen": Action.SEE_RETENTION,
    "/retention/plans/{plan}/progress/": Action.SEE_RETENTION,
    "/system/": Action.SEE_SYSTEM,
    "/metrics": Action.SEE_SYSTEM,
    "/admin/archive/session/": Action.SEE_RECORDS,
    "/admin/archive/leaf/": Action.SEE_RECORDS,
    "/people/": Action.APPOINT,
    "/people/invite/": Action.APPOINT,
}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address there is, with 1 for whatever number or text it takes."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").replace("\\Z", "").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield "".join(
                part.partition(">")[2] if ">" in part else part
                for part in route.replace("<", "1<").split("<")
            )


@pytest.fixture
def made(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A session, a message, a file, a request to put into addresses."""
    session = world.fill(messages=2)[0]
    world.index()
    kept = world.keep()
    return {
        "session": session.pk,
        **reconciled(session),
        "message": world.message("edited").pk,
        "file": world.store_files().pk,
        "request": Shelf.stocked(monkeypatch).ask(second_officer()).pk,
        "wording": Wording.objects.filter(kind="hold").latest("pk").pk,
        "rule": world.keeping_rule().pk,
        "disposition": world.disposition().pk,
        "erasure": world.erasure().pk,
        **kept,
        **desks.retention(),
    }


def test_a_visitor_gets_no_further_than_the_entrance(client: Client, db: None) -> None:
    """Olu, who is outside, is sent to sign in from every address there is, and shown nothing."""
    seen = []
    for address in addresses(get_resolver().url_patterns):
        if address in OPEN or "(?P" in address:
            continue
        response = client.get(f"/{address}")
        seen.append(address)
        allowed = (302, 403, 405) if address != "metrics" else (403,)
        if address.startswith("api/") and address != "api/":
            allowed = (401,)
        assert response.status_code in allowed, address
        if response.status_code == 302:
            assert response["Location"].startswith(("/accounts/login/", "/admin/login/")), address
    assert len(seen) > 60


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_what_the_matrix_allows(
    role: Role | None, made: dict[str, int], as_person: As
) -> None:
    """The page decides by the same matrix as the rail, and everyone else is told no."""
    person = cast.person(role)
    if role is Role.REVIEWER:
        cast.let_into_everything(person)
    client = as_person(person)
    matter = world.matter(person)
    made = {**made, "matter": matter.pk, "export": world.export(matter).pk}
    allowed = MATRIX[role] if role is not None else frozenset()
    for address, action in NEEDS.items():
        response = client.get(address.format(**made))
        expected = 200 if action in allowed else 403
        if address.startswith("/admin/") and expected == 403 and response.status_code == 302:
            continue  # the admin's own way of refusing: to the entrance, which says why
        assert response.status_code == expected, (role, address)


def test_a_refusal_to_show_words_is_in_the_trail(made: dict[str, int], ada: User, as_person: As) -> None:
    """Ada administers; her try to read is evidence too, and the page says who could."""
    response = as_person(ada).get(f"/sessions/{made['session']}/")
    assert b"A compliance officer or a reviewer can" in response.content
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject) == ("refused", f"session/{made['session']}")


def test_answers_are_kept_by_no_cache_and_guarded(made: dict[str, int], ines: User, as_person: As) -> None:
    """Evidence does not lie about in browsers and proxies, and no script but ours runs."""
    response = as_person(ines).get(f"/sessions/{made['session']}/")
    assert response["Cache-Control"] == "private, no-store"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")
