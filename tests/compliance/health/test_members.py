"""A channel whose members Zoom does not tell is said to every matter that covers what custodians received."""

from compliance.models import Finding
from tests.compliance.health.conftest import Case

Kind = Finding.Kind


def shut(case: Case) -> None:
    """Neither the app's own user nor anybody known to be in the channel may see its members any more."""
    case.channel.member_ids.clear()
    case.town.world.own_user_id = case.town.olu.id


def test_members_that_zoom_does_not_tell(case: Case) -> None:
    """Named with the channel, and over once somebody wrote what it means."""
    shut(case)
    (row,) = [one for one in case.look(hours=7) if one.kind == Kind.MEMBERS]
    assert row.facts["channels"] == "1 channel: “general”"
    case.deal(row)
    assert Kind.MEMBERS not in case.kinds()


def test_a_matter_that_covers_only_own_words_does_not_depend_on_members(case: Case) -> None:
    """What its custodians said is held wherever they said it."""
    own = case.open("Only what Ravi wrote", covers_received=False)
    case.hold(own)
    shut(case)
    found = {row.matter_id for row in case.look(hours=7) if row.kind == Kind.MEMBERS}
    assert found == {case.matter.pk}
