"""What a person does with a request."""

from django import forms

from compliance.approvals import Show, kinds
from compliance.approvals.asking import LONGEST_REASON


class Filters(forms.Form):
    """Which requests are listed."""

    show = forms.ChoiceField(required=False, choices=[(show.value, show.value) for show in Show])
    kind = forms.ChoiceField(required=False, label="Kind")

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        choices = [("", "any kind"), *((kind.key, kind.name) for kind in kinds.every())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class Approve(forms.Form):
    """The digest that the page showed, and the word that has to be typed where something becomes destroyable."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    typed = forms.CharField(
        required=False, max_length=40, strip=True, label="Confirmation", widget=forms.TextInput
    )


class Refuse(forms.Form):
    """Why not."""

    reason = forms.CharField(
        max_length=LONGEST_REASON, label="Reason", widget=forms.Textarea(attrs={"rows": 3})
    )


class Withdraw(forms.Form):
    """Why not any more; may be left out."""

    reason = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        label="Reason (may be empty)",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
