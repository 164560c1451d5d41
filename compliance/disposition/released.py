"""What becomes of the zips of a released matter, for pages of the matter and of a message in one of them.

Still kept and until when, or destroyed. Shows and never decides. A matter that is active has no such end, and whoever is no
member of it does not learn its name.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from archive import ended_zips, kept_zips, zip_fates
from archive.ended_zips import Ends
from archive.zip_fates import Fate, Verdict
from compliance import holds, keeping, matters, refusals
from compliance.models import Hold, Matter, ZoomMatter
from compliance.permissions import Action


@dataclass(frozen=True)
class OfZip:
    """What follows for one zip, and the matters whose holds cover something in it: those the reader may see, and more."""

    fate: Fate
    held_by: list[tuple[int, str]]
    unseen: int


@dataclass(frozen=True)
class Lying:
    """A zip that has a message, or may: whose matter it is ("" for one the reader may not see), and what follows for it.

    `fate` is None where its matter is not released, or is none of ours.
    """

    zip_id: int
    matter_id: int | None
    name: str
    fate: Fate | None

    @property
    def is_kept(self) -> bool:
        """Whether it may not go now, and so keeps the message."""
        return self.fate is None or self.fate.verdict is not Verdict.DUE


def having(*, message_id: int, by: User | None, now: datetime) -> list[Lying]:
    """The zips that have a message the person was shown, or may have it."""
    refusals.check(Action.READ_MESSAGES, subject=f"message/{message_id}", by=by, now=now)
    found = [
        one for key in kept_zips.having([message_id]).get(message_id, ()) if (one := zip_fates.contents(key))
    ]
    if len(found) == 0:
        return []
    at_zoom = ZoomMatter.objects.filter(zoom_id__in=[one.zoom_matter_id for one in found])
    matter_of = {row.zoom_id: row.matter for row in at_zoom.select_related("matter")}
    names = dict(
        matters.of(by).filter(pk__in=[one.pk for one in matter_of.values()]).values_list("pk", "name")
    )
    in_force, rules = holds.rules(), keeping.rules()
    lying = []
    for one in found:
        matter = matter_of.get(one.zoom_matter_id)
        is_released = matter is not None and matter.state == Matter.State.RELEASED
        fate = zip_fates.look(one, holds=in_force, rules=rules, now=now) if is_released else None
        name = "" if matter is None else names.get(matter.pk, "")
        lying.append(Lying(one.zip_id, None if matter is None else matter.pk, name, fate))
    return lying


def of_matter(matter: Matter) -> Ends | None:
    """The zips of a released matter that the person was shown; None while it is active or where there never were any."""
    if matter.state != Matter.State.RELEASED:
        return None
    at_zoom = ZoomMatter.objects.filter(matter=matter).exclude(zoom_id="").values_list("zoom_id", flat=True)
    rules = keeping.rules(account_id=matter.account_id)
    ends = ended_zips.of_matter(
        matter.pk, zoom_matter_ids=list(at_zoom), account_id=matter.account_id, rules=rules
    )
    return ends if ends.kept > 0 or len(ends.gone) > 0 else None


def of_zip(zip_id: int, *, matter: Matter, by: User | None, now: datetime) -> OfZip | None:
    """One zip of a released matter that the person was shown; None while that is active or when the zip is not here."""
    one = zip_fates.contents(zip_id) if matter.state == Matter.State.RELEASED else None
    if one is None:
        return None
    fate = zip_fates.look(
        one, holds=holds.rules(), rules=keeping.rules(account_id=matter.account_id), now=now
    )
    holding = set(Hold.objects.filter(pk__in=fate.holds).values_list("matter_id", flat=True))
    seen = list(matters.of(by).filter(pk__in=holding).order_by("pk").values_list("pk", "name"))
    return OfZip(fate, seen, len(holding) - len(seen))
