"""The filters of the audit trail."""

from django import forms

from compliance.models import AuditEvent
from compliance.trail import Filters


class AuditFilters(forms.Form):
    """Query parameters of the audit page; whatever cannot be read is refused beside its field."""

    person = forms.CharField(required=False, max_length=200)
    action = forms.ChoiceField(required=False, choices=[("", "any action"), *AuditEvent.Action.choices])
    subject = forms.CharField(required=False, max_length=200)
    first_day = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def filters(self) -> Filters:
        given = self.cleaned_data
        return Filters(
            person=given.get("person") or "",
            action=given.get("action") or "",
            subject=given.get("subject") or "",
            first_day=given.get("first_day"),
            last_day=given.get("last_day"),
        )
