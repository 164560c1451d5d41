"""The filters of the list of sessions."""

from django import forms

from archive import directory

YES_NO = (("", "either"), ("yes", "yes"), ("no", "no"))


class SessionFilters(forms.Form):
    """Query parameters of the list; whatever cannot be read counts as not given."""

    named = forms.CharField(required=False, max_length=200, label="Name or member")
    type = forms.ChoiceField(
        required=False, choices=[("", "any"), ("Group", "group"), ("1:1", "one to one")], label="Kind"
    )
    external = forms.ChoiceField(required=False, choices=YES_NO, label="Outsiders")
    gap = forms.ChoiceField(required=False, choices=YES_NO, label="Has a gap")
    sort = forms.ChoiceField(
        required=False,
        choices=[(sort.value, sort.value) for sort in directory.Sort],
        widget=forms.HiddenInput,
    )
    after = forms.CharField(required=False, max_length=1100, widget=forms.HiddenInput)

    def filters(self) -> directory.Filters:
        given = self.cleaned_data
        return directory.Filters(
            named=given.get("named") or None,
            type=given.get("type") or None,
            has_external=_yes_no(given.get("external")),
            has_gap=_yes_no(given.get("gap")),
        )

    def order(self) -> directory.Sort:
        return directory.Sort(self.cleaned_data.get("sort") or directory.Sort.RECENT)

    def place(self) -> directory.After | None:
        value, mark, key = str(self.cleaned_data.get("after") or "").rpartition("~")
        return directory.After(value, int(key)) if mark and key.isascii() and key.isdigit() else None


def _yes_no(given: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(given or "")
