"""Zips that Zoom makes for a hold and that are not here as they should be turn its health red."""

from datetime import date, timedelta
from typing import Any

import pytest

from archive.models import HoldCustodian, HoldFile
from compliance import health
from compliance.models import Finding
from tests.compliance.health.conftest import Case

Kind = Finding.Kind


class Zip:
    """Zoom lists one zip of January for Ravi."""

    def __init__(self, case: Case) -> None:
        self.case = case
        at: dict[str, Any] = {
            "first_seen_at": case.now,
            "seen_at": case.now,
            "not_before": case.now + timedelta(days=99),
        }
        self.whose, _ = HoldCustodian.objects.update_or_create(
            account=case.town.account, zoom_matter_id=case.placed.zoom_id, identifier=case.town.ravi.id,
            defaults={"email": "ravi@acme.example", "state": "listed"} | at,
        )  # fmt: skip
        self.file = HoldFile.objects.create(
            custodian=self.whose, file_key="k1", state="waiting", first_day=date(2026, 1, 1), last_day=date(2026, 1, 31), **at
        )  # fmt: skip

    def becomes(self, **columns: object) -> None:
        HoldFile.objects.filter(pk=self.file.pk).update(**columns)


@pytest.fixture
def zip(case: Case) -> Zip:
    return Zip(case)


def test_a_zip_that_is_not_ready_for_days(case: Case, zip: Zip) -> None:
    """Nothing for three days, then red, and over when it came and somebody wrote about it."""
    assert Kind.ZIP_LATE not in {row.kind for row in case.look(hours=70)}
    (row,) = [one for one in case.look(hours=4) if one.kind == Kind.ZIP_LATE]
    what, _, _ = health.sentences(row)
    assert "1 hold zip" in what
    assert "ravi@acme.example, 2026-01-01 to 2026-01-31" in what
    case.deal(row)
    assert Kind.ZIP_LATE in case.kinds()
    zip.becomes(state="due")
    assert Kind.ZIP_LATE not in {one.kind for one in case.look()}


def test_a_zip_that_failed(case: Case, zip: Zip) -> None:
    """With the reason of its row; what is tried again within the hour is none."""
    zip.becomes(state="failed", last_error="Zoom broke off after 4 GB.")
    assert case.look(hours=0.5) == []
    (row,) = case.look(hours=1)
    assert row.kind == Kind.ZIP_MISSING
    assert "Zoom broke off after 4 GB." in health.sentences(row)[0]


def test_a_zip_that_differs_from_the_reports(case: Case, zip: Zip) -> None:
    """Counted both ways; words end it, and another zip that differs is another finding."""
    differing: dict[str, Any] = {"messages_found": 10, "messages_unreported": 2, "messages_reported": 9}
    zip.becomes(state="claimed", **differing)
    (row,) = case.look()
    assert row.kind == Kind.ZIP_DIFFERS
    assert "2 only in the zip, 1 only in the reports" in health.sentences(row)[0]
    case.deal(row)
    assert case.look() == []
    HoldFile.objects.create(
        custodian=zip.whose, file_key="k2", state="claimed", first_seen_at=case.now, seen_at=case.now,
        not_before=case.now + timedelta(days=99), **differing,
    )  # fmt: skip
    (other,) = case.look()
    assert other.facts["zips"] == "2 hold zips"


def test_a_custodian_whose_zips_are_not_listed(case: Case, zip: Zip) -> None:
    """Zoom does not know them in the matter: whatever it made for them is not brought."""
    HoldCustodian.objects.filter(pk=zip.whose.pk).update(state="gone", last_error="Zoom does not know them.")
    (row,) = [one for one in case.look(hours=2) if one.kind == Kind.ZIPS_UNLISTED]
    assert "ravi@acme.example" in health.sentences(row)[0]


def test_a_matter_that_ended_at_zoom_waits_for_no_zip(case: Case, zip: Zip) -> None:
    """Nothing more is expected of it."""
    HoldCustodian.objects.filter(pk=zip.whose.pk).update(ended_at=case.now)
    assert [one for one in case.look(hours=99) if one.kind.startswith("zip")] == []
