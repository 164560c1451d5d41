"""What is asked of a person who looks for channels, or writes a rule of retention."""

from typing import Any

from django import forms

from archive import candidates, channels
from compliance.models import RetentionRule
from compliance.retention import conditions
from compliance.retention.conditions import Conditions
from compliance.retention.rules import LONGEST_NAME, LONGEST_REASON, Draft
from compliance.retention.table import Show, Sort

SHOWS = (
    (Show.EVERY, "every channel"),
    (Show.SHORTER, "would get shorter"),
    (Show.LONGER, "would get longer"),
    (Show.AGREES, "agrees with our rule"),
    (Show.NO_RULE, "no rule covers it"),
    (Show.UNKNOWN, "cannot be compared"),
    (Show.HELD, "under a hold"),
    (Show.DRIFTED, "drifted"),
)
UNITS = (("y", "years"), ("m", "months"), ("d", "days"))


class ChannelFilters(forms.Form):
    """Query parameters of the table of channels; whatever cannot be read counts as not given."""

    named = forms.CharField(required=False, max_length=200, label="Channel, owner or space")
    show = forms.ChoiceField(
        required=False, choices=[(one.value, words) for one, words in SHOWS], label="Show"
    )
    rule = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in Sort], widget=forms.HiddenInput
    )
    after = forms.CharField(required=False, max_length=300, strip=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """What was asked, for the service."""
        given = self.cleaned_data
        return {
            "show": Show(given.get("show") or ""),
            "named": given.get("named") or "",
            "rule_id": given.get("rule"),
            "sort": Sort(given.get("sort") or Sort.NAME),
            "after": given.get("after") or "",
        }


class RuleForm(forms.Form):
    """A rule: how long, why, and which channels. What is left empty asks for nothing."""

    account = forms.ChoiceField(label="Zoom account")
    name = forms.CharField(max_length=LONGEST_NAME, label="Name")
    number = forms.IntegerField(min_value=1, max_value=120, label="Keep messages for")
    unit = forms.ChoiceField(choices=UNITS, label="Unit")
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why, and by which law",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kinds = forms.MultipleChoiceField(
        required=False,
        choices=[(one, one) for one in conditions.KINDS],
        label="Kind",
        widget=forms.CheckboxSelectMultiple,
    )
    named = forms.CharField(
        required=False,
        max_length=200,
        label="Name pattern",
        help_text="* stands for anything: legal-*. Case does not matter.",
    )
    space = forms.ChoiceField(required=False, label="Shared space")
    owner = forms.CharField(
        required=False, max_length=200, label="Owner", help_text="The whole name, or Zoom’s id of the user."
    )
    least = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, label="Members, at least")
    most = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, label="Members, at most")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = candidates.accounts()
        account, space = self.fields["account"], self.fields["space"]
        assert isinstance(account, forms.ChoiceField)
        assert isinstance(space, forms.ChoiceField)
        account.choices = [(str(pk), name) for pk, name in known]
        if known:
            account.initial = str(known[0][0])
        if len(known) == 1:
            account.widget = forms.HiddenInput()
        self.spaces = {key: name for found in channels.spaces().values() for key, name in found.items()}
        space.choices = [
            ("", "any, or none"),
            *sorted(self.spaces.items(), key=lambda one: one[1].casefold()),
        ]

    def draft(self) -> Draft:
        """What was filled in, once it is valid."""
        given = self.cleaned_data
        return Draft(
            account_id=int(given["account"]),
            name=given["name"],
            period=f"{given['number']}{given['unit']}",
            reason=given["reason"],
            conditions=Conditions(
                kinds=tuple(given["kinds"]),
                named=given["named"],
                space_id=given["space"],
                space_name=self.spaces.get(given["space"], ""),
                owner=given["owner"],
                least_members=given["least"],
                most_members=given["most"],
            ),
        )


class Reason(forms.Form):
    """Why something is asked for, or ends."""

    reason = forms.CharField(
        max_length=LONGEST_REASON, label="Why", widget=forms.Textarea(attrs={"rows": 3}), required=True
    )


def of_rule(rule: RetentionRule) -> dict[str, Any]:
    """What a form begins with that replaces a rule."""
    asked = conditions.of(rule.conditions)
    return {
        "account": str(rule.account_id),
        "name": rule.name,
        "number": rule.period[:-1],
        "unit": rule.period[-1],
        "reason": rule.reason,
        "kinds": list(asked.kinds),
        "named": asked.named,
        "space": asked.space_id,
        "owner": asked.owner,
        "least": asked.least_members,
        "most": asked.most_members,
    }
