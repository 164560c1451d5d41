"""What the demo shows of disposition."""

from django.contrib.auth.models import User

from archive.models import Account
from compliance import demonstration
from compliance.models import KeepingRule
from tests.archive.scenes import NOW


def test_the_demo_has_rules_of_the_archive_from_the_beginning(account: Account, mei: User) -> None:
    """Once there is an account and somebody to write them; only once."""
    assert demonstration.keep_archive(now=NOW)
    assert demonstration.keep_archive(now=NOW)
    rules = KeepingRule.objects.order_by("pk")
    assert [(rule.name, rule.is_duty) for rule in rules] == [("Correspondence", True), ("Open talk", False)]
