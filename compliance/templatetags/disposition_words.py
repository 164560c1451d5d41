"""How the pages of disposition say how long something is kept."""

from django import template
from django.utils.safestring import SafeString

from compliance.disposition import rules
from compliance.models import Disposition, Erasure, KeepingRule
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
    return words.stated(STATES, _S(name))


@register.filter
def lasting(rule: KeepingRule) -> str:
    """A rule's period: `7 years`, `30 days`, `for good`."""
    return rules.lasting(rule)


_E = Erasure.State
ERASURES = {
    _E.TAKEN: "pulling",
    _E.PARKED: "held",
    _E.READY: "due",
    _E.COMPLETED: "complete",
    _E.WITHDRAWN: "none",
}


@register.simple_tag
def erasurestate(name: str) -> SafeString:
    """The state of a request for erasure, with its mark and its words."""
    return words.stated(ERASURES, _E(name))
