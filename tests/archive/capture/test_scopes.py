"""What the app may do is looked at again and again, because it is changed at Zoom and not here."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from archive import sealing
from archive.capture import scheduled
from archive.features import Use, grant_of
from archive.models import Account
from tests.archive.capture.conftest import Town

REPORTS_ONLY = frozenset({"report_chat:read:admin"})


def looked(town: Town, *, hours: float) -> Account:
    scheduled.look_at_scopes(now=town.now() + timedelta(hours=hours))
    return Account.objects.get(pk=town.account.pk)


def test_a_scope_taken_away_is_seen_within_the_hour(town: Town) -> None:
    """Not when the first capture fails for want of it; and not asked for more often."""
    tokens = town.sandbox.instance.tokens
    tokens.scopes = REPORTS_ONLY
    before = tokens.count
    assert "chat:read" in looked(town, hours=0.5).granted_scopes
    assert tokens.count == before
    account = looked(town, hours=1.5)
    assert set(account.granted_scopes) == REPORTS_ONLY
    assert account.scopes_seen_at is not None
    assert [one.is_granted for one in grant_of(account.granted_scopes).of(Use.CAPTURE)].count(False) == 6


def test_credentials_that_were_replaced_are_seen_too(town: Town) -> None:
    """What was granted before stays readable, with the reason why nothing newer is known."""
    tokens = town.sandbox.instance.tokens
    tokens._credentials = type(tokens._credentials)(client_secret="another")
    account = looked(town, hours=1.5)
    assert "Zoom gives no token for these credentials" in account.token_error
    assert "sandbox" not in account.token_error
    assert len(account.granted_scopes) > 1
    tokens._credentials = type(tokens._credentials)()
    assert looked(town, hours=3).token_error == ""


def test_an_account_whose_seal_is_broken_leaves_the_others_their_turn(town: Town) -> None:
    """Its reason is kept, the next account is looked at."""
    fields = {
        "api_url": town.account.api_url,
        "oauth_url": town.account.oauth_url,
        "connected_at": town.now(),
    }
    sealed = town.account.sealed_client_secret
    other = Account.objects.create(
        name="Other", zoom_account_id="other", client_id="sandbox", sealed_client_secret=sealed, **fields
    )
    Account.objects.filter(pk=town.account.pk).update(sealed_client_secret=b"broken")
    assert "SECRET_KEY" in looked(town, hours=2).token_error
    other.refresh_from_db()
    assert other.token_error == ""
    assert other.scopes_seen_at is not None
    assert sealing.unseal(bytes(other.sealed_client_secret)) == "sandbox"


def test_connect_says_what_is_missing_for_what(town: Town) -> None:
    """Granted on standard output, missing on standard error with what to do."""
    town.sandbox.instance.tokens.scopes = REPORTS_ONLY | {"meeting:read:admin"}
    out, err = StringIO(), StringIO()
    given = {"account_id": "sandbox", "client_id": "sandbox", "client_secret": "sandbox"}
    where = {"api_url": town.account.api_url, "oauth_url": town.account.oauth_url}
    call_command("connect", **given, **where, stdout=out, stderr=err)
    assert "may read the chat reports (sessions and messages)" in out.getvalue()
    assert "Granted but of no use here: meeting:read:admin." in out.getvalue()
    assert (
        "may not fetch files. Files are named in the record, but their bytes are not kept. "
        "Add the scope chat:read to the app at Zoom."
    ) in err.getvalue()
    assert "within the hour" in err.getvalue()
