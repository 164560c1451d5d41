"""Lists with nothing in them: what the page says, and where it leads next."""

import re

import pytest
from django.contrib.auth.models import User

from archive.models import Person, Session
from compliance.models import ChannelSetting
from compliance.retention import standing
from tests.archive import scenes
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.reports.conftest import november
from tests.compliance.retention import desks

__all__ = ["november"]
QUIET = "during=2026-10&zone=UTC"
EMPTY = {
    f"/reports/activity/?{QUIET}": ["Nobody said anything in these days.", "Nothing was said in these days."],
    f"/reports/content/?{QUIET}": ["No file came in these days.", "Nothing was said in these days."],
    f"/reports/outside/{{olu}}/?{QUIET}": ["Nobody of the account spoke there."],
    f"/reports/months/?{QUIET}&with=2026-11": ["October 2026: unknown."] * 4,
    "/retention/channels/{unplanned}/": ["No plan named it yet."],
    "/retention/plans/{plan}/?part=held": ["None."],
}
"""Pages of scenes in which lists are empty, and what each says first."""


@pytest.mark.parametrize("address", EMPTY)
def test_every_empty_list_says_what_to_do_next(
    address: str, november: list[Session], ines: User, as_person: As
) -> None:
    """That there is nothing, in bold, and then where to go: a link."""
    world.index()
    Person.objects.filter(member_id="m-olu").update(is_external=True)
    kept = desks.retention()
    desks.channel(2)
    standing.refresh(now=scenes.NOW)
    ids = {
        "olu": Person.objects.get(member_id="m-olu").pk,
        "unplanned": ChannelSetting.objects.get(title="desk-02").pk,
        "plan": kept["plan"],
    }
    answer = as_person(ines).get(address.format(**ids))
    assert answer.status_code == 200
    found = re.findall(r'<div class="empty">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert [one.partition("</strong>")[0] for one in found] == [
        f"<strong>{words}" for words in EMPTY[address]
    ]
    assert all('<a href="/' in one.partition("</strong>")[2] for one in found)
