"""A rule of how long the archive keeps what, as a person writes it."""

from typing import Any

from django import forms

from compliance.disposition import rules
from compliance.models import KeepingRule

FOR_GOOD = "good"


class RuleForm(forms.Form):
    """A rule, and why it is made; the choices of accounts are given by the page."""

    account = forms.TypedChoiceField(coerce=int, label="Account")
    name = forms.CharField(max_length=100, label="Name")
    law = forms.CharField(max_length=300, label="Law, order or policy it comes from")
    reason = forms.CharField(
        max_length=4_000, label="Why this long and no longer", widget=forms.Textarea(attrs={"rows": 3})
    )
    amount = forms.IntegerField(required=False, min_value=1, max_value=36_500, label="Keep for")
    unit = forms.ChoiceField(
        label="Unit", choices=[*KeepingRule.Unit.choices, ("years", "years"), (FOR_GOOD, "for good")]
    )
    kinds = forms.MultipleChoiceField(
        required=False, label="Kinds of sessions", choices=KeepingRule.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    named = forms.CharField(required=False, max_length=200, label="Name of the session")
    session = forms.IntegerField(required=False, min_value=1, label="One session, by its number")
    is_duty = forms.BooleanField(required=False, label="It must be kept this long")
    why = forms.CharField(
        max_length=2_000, label="Why this change is made now", widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *given: Any, accounts: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("unit") != FOR_GOOD and given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Say how long, or choose “for good”.")
        return given

    def draft(self) -> rules.Draft:
        """What was written; the form is valid."""
        given = self.cleaned_data
        amount, unit = given["amount"], given["unit"]
        if unit == FOR_GOOD:
            amount, unit = None, KeepingRule.Unit.MONTHS.value
        elif unit == "years":
            amount, unit = amount * 12, KeepingRule.Unit.MONTHS.value
        return rules.Draft(
            account_id=given["account"],
            name=given["name"],
            reason=given["reason"],
            law=given["law"],
            kinds=tuple(given["kinds"]) or None,
            named=given["named"],
            session_id=given["session"],
            amount=amount,
            unit=unit,
            is_duty=given["is_duty"],
        )


def written(row: KeepingRule) -> dict[str, Any]:
    """A rule as the form is filled with it, to be replaced."""
    amount, unit = row.amount, str(row.unit)
    if amount is None:
        unit = FOR_GOOD
    elif unit == KeepingRule.Unit.MONTHS and amount % 12 == 0:
        amount, unit = amount // 12, "years"
    return {
        "account": row.account_id,
        "name": row.name,
        "law": row.law,
        "reason": row.reason,
        "amount": amount,
        "unit": unit,
        "kinds": row.kinds or [],
        "named": row.named,
        "session": row.session_id,
        "is_duty": row.is_duty,
    }
