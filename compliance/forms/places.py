"""What is asked of a person who holds conversations themselves."""

from django import forms

from compliance.places import Days


def _day(label: str) -> forms.DateField:
    return forms.DateField(required=False, label=label, widget=forms.DateInput(attrs={"type": "date"}))


class PlaceDays(forms.Form):
    """For which days: the matter's, or days of their own. Which conversations comes from the boxes beside it."""

    own_days = forms.BooleanField(required=False, label="Hold them for other days than the matter’s")
    place_since = _day("First day held there")
    place_until = _day("Last day held there")

    def days(self) -> Days | None:
        """What was filled in, once it is valid; None: the matter's days."""
        given = self.cleaned_data
        return Days(given["place_since"], given["place_until"]) if given["own_days"] else None

    def so_far(self) -> "PlaceDays":
        """The same form, as it was filled in, without a word about what is wrong with it."""
        return PlaceDays(initial={name: self[name].value() for name in self.fields})
