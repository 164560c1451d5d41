"""How the pages of disposition say how long something is kept."""

from django import template
from django.utils.safestring import SafeString

from compliance.disposition import rules
from compliance.models import Disposition, KeepingRule
from compliance.templatetags import words

register = template.Library()
_S = Disposition.State
STATES = {
    _S.GATHERING: "pulling",
    _S.REVIEW: "due",
    _S.RUNNING: "pulling",
    _S.DONE: "destroyed",
    _S.STOPPED: "gap",
    _S.DISCARDED: "none",
    _S.FAILED: "failed",
}


@register.simple_tag
def disposalstate(name: str) -> SafeString:
    """The state of a disposition, with its mark and its words."""
    state = _S(name)
    return words.state(STATES[state], str(state.label))


@register.filter
def lasting(rule: KeepingRule) -> str:
    """A rule's period: `7 years`, `30 days`, `for good`."""
    return rules.lasting(rule)
