"""Asking for an export: what of, in which formats, for what."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms

from archive.packages.content import Format
from compliance import inert, periods
from compliance.exports import asking, coming
from compliance.exports.choosing import Source
from compliance.models import Export, Matter
from compliance.periods import Period

Kind = Export.Kind
PARTS = (
    (100_000_000, "100 MB"),
    (650_000_000, "650 MB, a CD"),
    (2_000_000_000, "2 GB"),
    (4_000_000_000, "4 GB, the most that FAT drives take"),
)


def _days() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Ask(forms.Form):
    """An export of one thing; of a matter the days may be left empty, of a list and a search there are none."""

    title = forms.CharField(max_length=asking.LONGEST_TITLE, label="Title")
    reason = forms.CharField(
        max_length=asking.LONGEST_REASON, label="What it is for", widget=forms.Textarea(attrs={"rows": 3})
    )
    first = forms.DateField(required=False, label="From", widget=_days())
    last = forms.DateField(required=False, label="To, included", widget=_days())
    within = forms.ChoiceField(required=False, label="Within a matter")
    formats = forms.MultipleChoiceField(required=False, label="Formats", widget=forms.CheckboxSelectMultiple)
    part_bytes = forms.TypedChoiceField(
        choices=PARTS, coerce=int, initial=asking.USUAL_PART, label="Largest part"
    )
    zone = forms.CharField(
        max_length=64,
        label="Time zone",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: Export.Kind,
        matters: Sequence[Matter] = (),
        must_be_within: bool = False,
        offered: Iterable[Format] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        boxes, within = self.fields["formats"], self.fields["within"]
        assert isinstance(boxes, forms.MultipleChoiceField)
        assert isinstance(within, forms.ChoiceField)
        boxes.choices = [(one.value, coming.NAMES[one][0]) for one in offered if one not in asking.ALWAYS]
        choices = [(str(one.pk), inert.plain(one.name)) for one in matters]
        within.choices = choices if must_be_within else [("", "no matter: all of it"), *choices]
        if kind not in (Kind.MATTER, Kind.SESSION):
            del self.fields["first"], self.fields["last"]
        if kind != Kind.SESSION or not (matters or must_be_within):
            del self.fields["within"]

    def clean(self) -> dict[str, Any]:
        """The days, read in the zone, and both of them or none."""
        cleaned = super().clean() or {}
        zone = periods.a_zone(cleaned.get("zone", ""))
        if zone is None:
            self.add_error("zone", "There is no time zone of that name.")
        first, last = cleaned.get("first"), cleaned.get("last")
        cleaned["period"] = None
        if first is not None and last is not None and zone is not None:
            cleaned["period"] = periods.between(first, last, zone=zone)
            if cleaned["period"] is None:
                self.add_error("last", "The days are in the wrong order, or more than ten years.")
        elif self._needs_days(first, last):
            self.add_error("first" if first is None else "last", "Choose the days.")
        return cleaned

    def _needs_days(self, first: object, last: object) -> bool:
        """Whether a day is lacking that is not wrong already."""
        if "first" not in self.fields or {"first", "last", "zone"} & self.errors.keys():
            return False
        return self.kind == Kind.SESSION or (first is None) != (last is None)

    def draft(self, key: int) -> asking.Draft:
        """What was filled in, about the thing of that key."""
        given = self.cleaned_data
        within = given.get("within") or ""
        period: Period | None = given["period"]
        matter_id = int(within) if within else None
        request_key: UUID = given["request_key"]
        return asking.Draft(
            source=Source(self.kind, key, matter_id=matter_id, period=period),
            title=given["title"],
            reason=given["reason"],
            formats=frozenset(Format(one) for one in given["formats"]),
            part_bytes=given["part_bytes"],
            zone=given["zone"],
            request_key=request_key,
        )


class Make(forms.Form):
    """Make exactly what the page showed."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class Anew(forms.Form):
    """Measure the same anew."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
