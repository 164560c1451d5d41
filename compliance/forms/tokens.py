"""What a token of the REST API is for, what it may do, and for how long it is good."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User

from compliance import inert, matters, permissions
from compliance.permissions import Action
from compliance.tokens import FOR_PROGRAMS, LONGEST_NAME, LONGEST_WHY


class Make(forms.Form):
    """A new token; what is offered is what its person may do and see."""

    name = forms.CharField(
        label="What it is for", max_length=LONGEST_NAME, help_text="As the audit trail will call it."
    )
    actions = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple)
    matters = forms.TypedMultipleChoiceField(
        label="Only in these matters",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: wherever you may. A token of some matters can read, search and take files in them, and "
        "nothing else.",
    )
    days = forms.IntegerField(label="Good for days", min_value=1, initial=30)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = permissions.allowed(by) & FOR_PROGRAMS
        self.fields["actions"].choices = [(one.name, one.value) for one in Action if one in able]  # type: ignore[attr-defined]
        theirs = matters.of(by).order_by("-pk").values_list("pk", "name")
        self.fields["matters"].choices = [(pk, inert.plain(name)) for pk, name in theirs]  # type: ignore[attr-defined]
        self.fields["days"].help_text = f"At most {settings.HOLDFAST_TOKEN_DAYS}."

    def chosen(self) -> dict[str, Any]:
        """What `tokens.make` takes."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "actions": {Action[name] for name in given["actions"]},
            "matter_ids": given["matters"] or None,
            "days": given["days"],
        }


class Revoke(forms.Form):
    """Why a token is not to be good any more."""

    why = forms.CharField(label="Why", max_length=LONGEST_WHY, required=False)
