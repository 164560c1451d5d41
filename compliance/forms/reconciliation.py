"""Asking for a reconciliation, and planning one by the calendar."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User

from compliance import inert
from compliance.models import Reconciliation

EVERY = ""


class _OfAccounts(forms.Form):
    """What both are about: one account, or every one there is then."""

    account = forms.ChoiceField(required=False, label="Account")

    def __init__(self, *args: Any, accounts: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(EVERY, "every account"), *((str(key), inert.plain(name)) for key, name in accounts)]

    def account_ids(self) -> list[int] | None:
        """None: every account."""
        chosen = self.cleaned_data["account"]
        return None if chosen == EVERY else [int(chosen)]


class Days(_OfAccounts):
    """Days to be reconciled, both included, in UTC."""

    first = forms.DateField(label="From", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last = forms.DateField(
        label="To, included", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    field_order = ("first", "last", "account")


class Plan(_OfAccounts):
    """One by the calendar."""

    name = forms.CharField(max_length=100, label="Name")
    period = forms.ChoiceField(choices=Reconciliation.Period.choices, label="How often")
    people = forms.MultipleChoiceField(label="Who is told", widget=forms.CheckboxSelectMultiple)
    field_order = ("name", "period", "account", "people")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.pk), _described(one)) for one in people]

    def recipient_ids(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["people"]]


def _described(person: User) -> str:
    name = person.get_full_name() or person.username
    return f"{name}, {person.email}" if person.email else f"{name}, without an e-mail address: console only"
