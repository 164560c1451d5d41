"""The pages of retention: what they say, what they cost, and what they lead to."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.models import Channel, Lookout
from compliance.models import ChannelSetting, RetentionItem, RetentionPlan, RetentionRule
from compliance.retention import conditions, plans, rules, standing
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.retention import desks

pytestmark = pytest.mark.django_db

BUDGETS = {
    "/retention/": 24,
    "/retention/?show=longer&sort=period&named=desk": 24,
    "/retention/channels/{setting}/": 26,
    "/retention/rules/": 22,
    "/retention/rules/{zoom_rule}/": 23,
    "/retention/rules/write/": 22,
    "/retention/plans/": 22,
    "/retention/plans/{plan}/": 28,
    "/retention/plans/{plan}/progress/": 22,
}


def cost(client: Client, address: str) -> int:
    caches["process"].clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.fixture
def client(ines: User, as_person: As) -> Client:
    """Ines, signed in, with an archive."""
    world.fill(messages=1)
    return as_person(ines)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_no_page_costs_more_for_more_channels(client: Client) -> None:
    """The same number of queries for one and for sixty, within each page's budget."""
    named = desks.retention()
    few = {address: cost(client, address.format(**named)) for address in BUDGETS}
    for number in range(2, 62):
        desks.channel(number)
    draft = rules.Draft(account_id=RetentionRule.objects.get().account_id, name="More", period="5y", reason="Law",
                        conditions=conditions.Conditions(named="desk-0*"))  # fmt: skip
    rules.write(draft=draft, by=None, now=scenes.NOW)
    named["plan"] = plans.make(by=None, now=scenes.NOW).pk
    many = {address: cost(client, address.format(**named)) for address in BUDGETS}
    assert many == few
    assert {address: n for address, n in few.items() if n > BUDGETS[address]} == {}


def test_without_anything_each_list_says_what_to_do(client: Client) -> None:
    """What will appear, and the next step."""
    assert "Channels appear as capture reads" in text(client, "/retention/")
    assert "Write one" in text(client, "/retention/rules/")
    assert "Write a rule" in text(client, "/retention/plans/")


def test_a_channel_is_never_shown_as_zero(client: Client) -> None:
    """What was not read says so, in the table and on its page."""
    desks.channel(1)
    Channel.objects.create(
        account=Lookout.objects.all()[0].account, zoom_id="n", name="new", last_seen_at=scenes.NOW
    )
    standing.refresh(now=scenes.NOW)
    html = text(client, "/retention/?named=new")
    assert "not read yet" in html
    row = ChannelSetting.objects.get(title="new")
    assert "It was not read at Zoom yet." in text(client, f"/retention/channels/{row.pk}/")


def test_a_rule_is_previewed_and_then_written(client: Client) -> None:
    """Looking writes nothing; writing leads to the rule."""
    desks.channel(1)
    standing.refresh(now=scenes.NOW)
    form = {"account": str(ChannelSetting.objects.all()[0].account_id), "name": "Desks", "number": "7", "unit": "y",
            "reason": "SEC 17a-4", "kinds": ["public"], "named": "desk-*"}  # fmt: skip
    html = client.post("/retention/rules/write/", form | {"do": "preview"}).content.decode()
    assert "Public channels, called desk-*: <strong>1 channel</strong>" in html
    assert "would get longer" in html
    assert not RetentionRule.objects.exists()
    answer = client.post("/retention/rules/write/", form | {"do": "write"})
    assert answer["Location"] == f"/retention/rules/{RetentionRule.objects.get().pk}/"
    assert "A rule is never changed" in text(client, answer["Location"])


def test_a_rule_that_cannot_be_says_why(client: Client) -> None:
    """On the form, with what was filled in."""
    html = client.post("/retention/rules/write/", {"name": "x", "number": "11", "unit": "y", "reason": "law",
                       "account": "1", "do": "preview"}).content.decode()  # fmt: skip
    assert "1 to 10 years" in html or "Select a valid choice" in html


def test_a_plan_is_read_begun_stopped(client: Client) -> None:
    """As a diff; then with its progress, which survives a reload; then stopped."""
    named = desks.retention()
    address = f"/retention/plans/{named['plan']}/"
    html = text(client, address)
    assert "from 2 years to 7 years" in html
    assert "Lengthen 1 channel at Zoom" in html
    assert "Ask for a second person" not in html
    assert client.post(f"{address}apply/")["Location"] == address
    assert RetentionItem.objects.get().state == "due"
    for _ in range(2):
        html = text(client, address)
        assert "0 of 1 channels" in html
        assert "Stop after this channel" in html
    client.post(f"{address}stop/")
    assert RetentionPlan.objects.get().state == "cancelled"
    assert "Stopped" in text(client, address)


def test_what_shortens_offers_no_button_but_to_ask(client: Client) -> None:
    """And once it was asked for, it leads to the request."""
    desks.channel(1, period="9y")
    named = desks.retention_of(period="1y")
    address = f"/retention/plans/{named['plan']}/"
    html = text(client, address)
    assert "Ask to change 1 channel" in html
    assert "Lengthen" not in html
    client.post(f"{address}ask/", {"reason": "The law allows it."})
    html = text(client, address)
    assert "Waits for a second person" in html
    assert "Discard it" not in html


def test_the_table_keeps_its_filters_in_the_address(client: Client) -> None:
    """Sorting and paging do not lose them, and a place of another order is not found."""
    desks.retention()
    assert "?show=longer&amp;sort=period" in text(client, "/retention/?show=longer")
    assert client.get("/retention/?after=nonsense").status_code == 404


def test_strangers_names_are_inert(client: Client) -> None:
    """A channel may be called anything."""
    named = desks.retention()
    made = desks.channel(2)
    Channel.objects.filter(pk=made.pk).update(name="desk-<script>window.hurt = 1</script>\u202e")
    plan = plans.make(by=None, now=scenes.NOW)
    for address in ("/retention/", f"/retention/plans/{plan.pk}/", f"/retention/rules/{named['zoom_rule']}/"):
        html = text(client, address)
        assert "<script>window" not in html
        assert "\u202e" not in html


def test_the_trail_leads_to_rules_and_plans(client: Client) -> None:
    """What was written and what was planned is one click from its event."""
    named = desks.retention()
    html = text(client, "/audit/")
    assert f'href="/retention/plans/{named["plan"]}/"' in html
    assert f'href="/retention/rules/{named["zoom_rule"]}/"' in html
