"""The filters of the report of sessions."""

from django import forms

from archive.reporting.sessions import Filters, Place, Sort
from compliance.forms.sessions import YES_NO

_MEANT = {"yes": True, "no": False}


class ReportFilters(forms.Form):
    """Query parameters of the report; whatever cannot be read counts as not given."""

    named = forms.CharField(required=False, max_length=200, label="Session")
    person = forms.CharField(required=False, max_length=200, label="Person")
    type = forms.ChoiceField(
        required=False, choices=[("", "any"), ("Group", "group"), ("1:1", "one to one")], label="Kind"
    )
    external = forms.ChoiceField(required=False, choices=YES_NO, label="Outsiders")
    active = forms.ChoiceField(
        required=False, choices=[("yes", "spoke"), ("no", "quiet"), ("all", "either")], label="In these days"
    )
    gap = forms.ChoiceField(required=False, choices=YES_NO, label="Has a gap")
    sort = forms.ChoiceField(
        required=False, choices=[(sort.value, sort.value) for sort in Sort], widget=forms.HiddenInput
    )
    after = forms.CharField(required=False, max_length=1100, widget=forms.HiddenInput)

    def filters(self) -> Filters:
        """Sessions in which nothing was said are left out until they are asked for."""
        given = self.cleaned_data
        return Filters(
            named=given.get("named") or None,
            person=given.get("person") or None,
            type=given.get("type") or None,
            external=_MEANT.get(given.get("external") or ""),
            is_active={"no": False, "all": None}.get(given.get("active") or "", True),
            has_gap=_MEANT.get(given.get("gap") or ""),
        )

    def order(self) -> Sort:
        return Sort(self.cleaned_data.get("sort") or Sort.MESSAGES)

    def place(self) -> Place | None:
        value, mark, key = str(self.cleaned_data.get("after") or "").rpartition("~")
        fits = mark and key.isascii() and key.isdigit() and len(key) < 19
        return Place(value, int(key)) if fits else None
