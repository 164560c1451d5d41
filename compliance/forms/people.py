"""What an administrator says of people: whom to invite, and which roles somebody has."""

from django import forms
from django.utils.html import format_html

from compliance.permissions import Role

WORDS = {
    Role.COMPLIANCE_OFFICER: "reads messages, opens and changes matters, decides requests",
    Role.RECORDS_MANAGER: "writes retention rules, disposes of what is due, decides requests; reads no message",
    Role.REVIEWER: "searches, reads and tags messages",
    Role.AUDITOR: "reads requests, matters as a member, and of the audit trail what is of these; reads no message",
    Role.CHIEF_AUDITOR: "the same, and the whole audit trail, also of matters of others",
    Role.ADMINISTRATOR: "runs the system and appoints people; reads no message",
}
CHOICES = [
    (role.value, format_html('<strong>{}</strong> <span class="quiet">{}</span>', role.value, words))
    for role, words in WORDS.items()
]


class Roles(forms.Form):
    """The roles somebody has; none is a choice, too."""

    roles = forms.MultipleChoiceField(
        choices=CHOICES, required=False, label="Roles", widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> list[Role]:
        return [Role(name) for name in self.cleaned_data["roles"]]


class Described(forms.Form):
    """What somebody is called, and where mails to them go."""

    full_name = forms.CharField(max_length=150, label="Name", help_text="As the audit trail will call them.")
    email = forms.EmailField(max_length=254, label="E-mail", help_text="Where links are sent.")


class Invitation(Described, Roles):
    """Somebody new."""

    username = forms.SlugField(
        max_length=150,
        required=False,
        label="Sign-in name",
        help_text="Letters, digits and hyphens. Empty: what stands before the @.",
    )
    field_order = ["full_name", "email", "username", "roles"]


class Switch(forms.Form):
    """On or off."""

    active = forms.ChoiceField(choices=[("yes", "on"), ("no", "off")], label="Account")
