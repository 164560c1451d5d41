"""How the pages of exports say how one stands, and what a format and a reason are called."""

from django import template
from django.utils.safestring import SafeString

from archive.packages import natives
from archive.packages.content import Format
from compliance.exports.coming import NAMES
from compliance.models import Export
from compliance.templatetags import words

register = template.Library()
_S = Export.State
STATES = {
    _S.MEASURING: "pulling",
    _S.MEASURED: "due",
    _S.MAKING: "pulling",
    _S.READY: "complete",
    _S.EXPIRED: "none",
    _S.WITHDRAWN: "destroyed",
    _S.CANCELLED: "none",
    _S.FAILED: "failed",
}


@register.simple_tag
def exportstate(name: str) -> SafeString:
    """The state of an export, with its mark and its words."""
    return words.stated(STATES, _S(name))


@register.filter
def formatname(value: str) -> str:
    """What a format is called."""
    return NAMES[Format(value)][0] if value in list(Format) else value


@register.filter
def formatuse(value: str) -> str:
    """What a format is for."""
    return NAMES[Format(value)][1] if value in list(Format) else ""


@register.filter
def missingwords(value: str) -> str:
    """Why the bytes of a file do not come, as the package says it."""
    return natives.SENTENCES[natives.Missing(value)] if value in list(natives.Missing) else value
