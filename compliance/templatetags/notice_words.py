"""How notices say where they stand."""

from django import template
from django.utils.safestring import SafeString

from compliance.models import Notice
from compliance.templatetags import words

register = template.Library()
_S = Notice.State
STANDING = {
    _S.REVIEW: ("due", "waits to be reviewed"),
    _S.DUE: ("pulling", "to be sent"),
    _S.CLAIMED: ("pulling", "being sent"),
    _S.SENT: ("sent", "sent"),
    _S.ACKNOWLEDGED: ("complete", "acknowledged"),
    _S.UNSURE: ("unknown", "may have been sent"),
    _S.FAILED: ("failed", "not sent"),
    _S.DISCARDED: ("none", "discarded"),
}
VERSIONS = {
    "in force": ("complete", "in force"),
    "replaced": ("none", "replaced"),
    "asked": ("due", "waits for approval"),
    "refused": ("gap", "refused"),
    "draft": ("none", "draft"),
}


@register.simple_tag
def noticestate(notice: Notice) -> SafeString:
    """A notice's state with its mark; one that was sent and asks for an answer says that it has none."""
    name, said = STANDING[Notice.State(notice.state)]
    if notice.state == _S.SENT and notice.kind == "hold" and notice.first_id is None:
        return words.state("due", "sent, not acknowledged")
    return words.state("complete" if name == "sent" else name, said)


@register.simple_tag
def versionstate(standing: str) -> SafeString:
    """Where a version of a template stands."""
    return words.state(*VERSIONS[standing])


@register.filter
def acting(notice: Notice) -> bool:
    """Whether a person may do something with the notice."""
    stuck = notice.state in (_S.FAILED, _S.UNSURE) and notice.recipient != ""
    return notice.state == _S.REVIEW or (stuck and notice.revoked_at is None)
