"""What members ask about notices, and what a custodian may write beside their answer."""

from django import forms

from compliance.models import NoticeKind, NoticePlan
from compliance.notices.acknowledging import LONGEST_COMMENT
from compliance.notices.deciding import LONGEST_WHY
from compliance.notices.placeholders import LONGEST_BODY, LONGEST_SUBJECT


class Plan(forms.Form):
    """How the custodians of a matter are told."""

    at_once = forms.TypedChoiceField(
        label="When a custodian is added or released",
        choices=(
            ("no", "prepare the notice and wait until it is reviewed"),
            ("yes", "send the notice at once"),
        ),
        coerce=lambda given: given == "yes",
    )
    way = forms.ChoiceField(label="Send", choices=NoticePlan.Way.choices)
    remind_after_days = forms.IntegerField(label="Remind after days", min_value=1, max_value=90)
    reminders = forms.IntegerField(label="Reminders at most", min_value=0, max_value=20)
    escalate_after_days = forms.IntegerField(
        label="Escalate after days (0: never)", min_value=0, max_value=365
    )
    contact = forms.CharField(label="Whom to ask", max_length=200, required=False)
    chat_sender = forms.CharField(label="Zoom user who writes the chat", max_length=320, required=False)


class Why(forms.Form):
    """A reason, kept with the notice."""

    why = forms.CharField(label="Why", max_length=LONGEST_WHY)


class Superior(forms.Form):
    """The person above a custodian."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail", max_length=320)


class NewWording(forms.Form):
    """A new version of a template."""

    kind = forms.ChoiceField(choices=NoticeKind.choices, widget=forms.HiddenInput)
    subject = forms.CharField(label="Subject", max_length=LONGEST_SUBJECT)
    body = forms.CharField(
        label="Text", max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 22}), strip=False
    )


class AskApproval(forms.Form):
    """Why a version should come into force."""

    reason = forms.CharField(label="Why", max_length=2_000)


class Acknowledgement(forms.Form):
    """What a custodian may write beside it."""

    comment = forms.CharField(required=False, max_length=LONGEST_COMMENT)
