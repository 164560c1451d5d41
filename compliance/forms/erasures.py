"""A request for erasure, as somebody takes it down."""

from django import forms

from compliance.disposition import erasures

_DAY = {"type": "date"}


class ErasureForm(forms.Form):
    """Whose words, where and when, who asked and why."""

    account = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    person = forms.IntegerField(
        min_value=1, label="Whose words", error_messages={"required": "Choose whose."}
    )
    session = forms.IntegerField(required=False, min_value=1, label="Only in one session, by its number")
    since = forms.DateField(
        required=False, label="From", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))
    asked_by = forms.CharField(max_length=300, label="Who asked, and how")
    asked_on = forms.DateField(
        label="The day it came in", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    reason = forms.CharField(
        max_length=4_000, label="Reason, and the right it rests on", widget=forms.Textarea(attrs={"rows": 3})
    )

    def wanted(self) -> erasures.Wanted:
        """What was written; the form is valid."""
        given = self.cleaned_data
        return erasures.Wanted(
            account_id=given["account"],
            person_id=given["person"],
            session_id=given["session"],
            since=given["since"],
            until=given["until"],
            asked_by=given["asked_by"],
            reason=given["reason"],
            asked_on=given["asked_on"],
        )
