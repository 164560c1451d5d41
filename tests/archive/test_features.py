"""What an app may do is said feature by feature, from its scopes, before anything fails."""

from __future__ import annotations

import pytest

from archive import features
from archive.features import FEATURES, Use
from zoom.operations.table import OPERATIONS


def standing(name: str, *scopes: str) -> features.Standing:
    (found,) = (one for one in features.grant_of(scopes).standings if one.feature.name.startswith(name))
    return found


def test_every_operation_has_its_use() -> None:
    """Each of the API's operations belongs to one feature, and no feature names what is not there."""
    named = [id for feature in FEATURES for id in feature.operations]
    assert sorted(named) == sorted(OPERATIONS)


def test_an_app_with_every_scope_lacks_nothing() -> None:
    """Of the classic generation, where Zoom has a scope for everything."""
    grant = features.grant_of({scope for row in OPERATIONS.values() for scope in row.scopes})
    assert [one.feature.name for one in grant.standings if not one.is_granted] == []
    assert grant.unused == ()


def test_advice_names_the_smallest_scope_of_the_apps_generation() -> None:
    """The account's before a user's, reading before writing; classic for a classic app."""
    classic = standing("read channels", "report_chat:read:admin")
    assert classic.missing == ("chat_channel:read:admin",)
    assert classic.advice == "Add the scope chat_channel:read:admin to the app at Zoom."
    granular = standing("fetch files", "report:read:chat_session:admin")
    assert granular.missing == ("team_chat:read:file:admin",)
    both = standing("read the chat reports", "team_chat:read:file:admin")
    assert both.advice == (
        "Add the scopes report:read:list_chat_sessions:admin and report:read:chat_session:admin to the app at Zoom."
    )


def test_what_no_granular_scope_allows_is_said() -> None:
    """Some operations have classic scopes only."""
    found = standing("send hold notices", *(scope for row in OPERATIONS.values() for scope in row.granular))
    assert (found.missing, found.impossible) == ((), ("sendimmessages",))
    assert "only an app with classic scopes" in found.advice
    assert not found.is_granted


@pytest.mark.parametrize("scopes", [(), ("user:read:admin",)])
def test_a_new_app_is_told_the_granular_ones(scopes: tuple[str, ...]) -> None:
    """Those are what apps made today are given."""
    assert standing("fetch files", *scopes).missing == ("team_chat:read:file:admin",)


def test_scopes_of_no_use_are_named() -> None:
    """Least privilege: what nobody needs should be taken away again."""
    assert features.grant_of({"meeting:read:admin", "chat:read"}).unused == ("meeting:read:admin",)


def test_uses_are_told_apart() -> None:
    """Capture needs the first all the time."""
    grant = features.grant_of(())
    assert len(grant.of(Use.CAPTURE)) + len(grant.of(Use.ACTION)) == len(FEATURES)
    assert grant.of(Use.CAPTURE)[0].feature.without == "Nothing can be captured."
