"""Asking without limits is for benchmarks on this very machine, and never for Zoom."""

import pytest
from pytest_django import Settings

from archive import gateway
from zoom.budgets import Plan


def app_at(api_url: str) -> gateway.App:
    return gateway.App(account_id="acme", client_id="id", client_secret="secret", api_url=api_url)


@pytest.mark.parametrize("host", ["127.0.0.1:8207", "localhost:8207", "[::1]:8207"])
def test_a_benchmark_asks_its_own_sandbox_as_fast_as_it_can(settings: Settings, host: str) -> None:
    """The setting lifts the limits of an account on this machine."""
    settings.HOLDFAST_UNMETERED = True
    assert gateway.plan_of(app_at(f"http://{host}/v2")) is Plan.UNMETERED


@pytest.mark.parametrize("host", ["api.zoom.us", "127.0.0.1.zoom.us", "localhost.example"])
def test_zoom_is_never_asked_faster_than_the_plan_allows(settings: Settings, host: str) -> None:
    """An account anywhere else keeps its plan, whatever the setting says."""
    settings.HOLDFAST_UNMETERED = True
    assert gateway.plan_of(app_at(f"https://{host}/v2")) is Plan.BUSINESS


def test_without_the_setting_a_sandbox_is_asked_like_zoom() -> None:
    """The demo's account keeps the limits of its plan."""
    assert gateway.plan_of(app_at("http://127.0.0.1:8207/v2")) is Plan.BUSINESS


def test_officers_cannot_choose_to_go_without_limits() -> None:
    """The plans on offer are Zoom's."""
    assert Plan.UNMETERED.value not in gateway.PLANS
