"""What a person writes about hold health."""

from django import forms

from compliance.models import Confirmation


class Dealing(forms.Form):
    """What was done about the chosen findings."""

    words = forms.CharField(
        max_length=4_000,
        label="What was done about them, or why it may stay as it is",
        widget=forms.Textarea(attrs={"rows": 4, "minlength": 15, "required": True}),
    )
    everywhere = forms.BooleanField(
        required=False, label="Write it also for the same findings in my other matters of this account"
    )


class Confirming(forms.Form):
    """How a setting at Zoom is."""

    setting = forms.ChoiceField(choices=Confirmation.Setting.choices)
    is_so = forms.ChoiceField(choices=[("yes", "it is so"), ("no", "it is not so")])
    words = forms.CharField(max_length=4_000, required=False, label="What you saw")
