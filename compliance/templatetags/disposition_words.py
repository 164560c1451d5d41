"""How the pages of disposition say how long something is kept."""

from django import template

from compliance.disposition import rules
from compliance.models import KeepingRule

register = template.Library()


@register.filter
def lasting(rule: KeepingRule) -> str:
    """A rule's period: `7 years`, `30 days`, `for good`."""
    return rules.lasting(rule)
