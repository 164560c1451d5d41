"""What a person asks to be done with an answer."""

from django import forms

from archive import search
from compliance.models import Tag
from compliance.tagging import LONGEST_NAME as LONGEST_TAG

ORDERS = [(order.value, order.value) for order in search.Order]


class Asked(forms.Form):
    """A query with its order, as the search page shows it, and where to go back to."""

    q = forms.CharField(max_length=search.LONGEST_QUERY, widget=forms.HiddenInput, strip=False)
    order = forms.ChoiceField(choices=ORDERS, required=False, widget=forms.HiddenInput)
    matter = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def asked_order(self) -> search.Order:
        return search.Order(self.cleaned_data.get("order") or search.Order.NEWEST)


class Save(Asked):
    """Save a search, or freeze its answer, under a name."""

    name = forms.CharField(max_length=100, label="Name")
    shared = forms.BooleanField(required=False, label="Show it to everybody who may search")


class Hand(forms.Form):
    """Which matter something is put into, under which name there, and of a query as what."""

    matter = forms.IntegerField(min_value=1, max_value=2**62, label="Matter")
    name = forms.CharField(max_length=100, label="Name there")
    how = forms.ChoiceField(choices=[("search", "a saved search"), ("list", "a frozen list")], required=False)


class Change(forms.Form):
    """A saved search's name, and who sees it."""

    name = forms.CharField(max_length=100, label="Name")
    shared = forms.BooleanField(required=False, label="Show it to everybody who may search")


class Mark(forms.Form):
    """A tag for chosen messages, or for all that a search finds."""

    DOES = (("put", "put"), ("off", "off"), ("all", "all"))
    tag = forms.IntegerField(min_value=1, max_value=2**62)
    do = forms.ChoiceField(choices=DOES)
    q = forms.CharField(max_length=search.LONGEST_QUERY, required=False, strip=False)
    order = forms.ChoiceField(choices=ORDERS, required=False)


class NewTag(forms.Form):
    """A new tag."""

    name = forms.CharField(max_length=LONGEST_TAG, label="Name")
    colour = forms.ChoiceField(choices=Tag.Colour.choices, label="Colour")


class NewNote(forms.Form):
    """A note, or the next version of one; empty withdraws it."""

    text = forms.CharField(required=False, max_length=10_000)
    replaces = forms.IntegerField(required=False, min_value=1, max_value=2**62)
