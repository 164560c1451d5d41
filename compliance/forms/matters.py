"""What is asked of a person who opens a matter or adds custodians to one."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from archive import candidates
from compliance.opening import LONGEST_NAME, Draft
from compliance.places import Days


class Opening(forms.Form):
    """A matter to be opened; who is held comes from the boxes beside it."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    account = forms.ChoiceField(label="Zoom account")
    name = forms.CharField(
        max_length=LONGEST_NAME, label="Name", help_text="What the case is called; a number helps."
    )
    reason = forms.CharField(
        max_length=10_000,
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The case, the order or the request that obliges you to hold.",
    )
    since = forms.DateField(
        required=False,
        label="First day held",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="In UTC. Empty: everything there is.",
    )
    until = forms.DateField(
        required=False,
        label="Last day held",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="In UTC. Empty: until it is released.",
    )
    covers_received = forms.BooleanField(
        required=False,
        initial=True,
        label="Hold also what others said where a custodian took part",
    )
    at_zoom = forms.BooleanField(
        required=False, initial=True, label="Hold at Zoom too, so that Zoom keeps it and makes zips"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = candidates.accounts()
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), name) for pk, name in known]
        if known:
            field.initial = str(known[0][0])
        if len(known) == 1:
            field.widget = forms.HiddenInput()

    def account_chosen(self) -> int | None:
        """The account the form names, or the first one; None when none is connected."""
        given = str(self.data.get("account") or self.initial.get("account") or "")
        known = [pk for pk, _ in candidates.accounts()]
        return next((pk for pk in known if str(pk) == given), known[0] if known else None)

    def so_far(self) -> "Opening":
        """The same form, as it was filled in, without a word about what is missing: a box left empty stays empty."""
        return Opening(initial={name: self[name].value() for name in self.fields})

    def draft(
        self,
        *,
        person_ids: Collection[int],
        origins: Mapping[int, str],
        session_ids: Collection[int],
        session_days: Days | None,
    ) -> Draft:
        """What was filled in, once it is valid."""
        given = dict(self.cleaned_data)
        return Draft(
            account_id=int(given.pop("account")),
            person_ids=person_ids,
            origins=origins,
            session_ids=session_ids,
            session_days=session_days,
            **given,
        )


class Add(forms.Form):
    """Which button of the form was pressed."""

    do = forms.CharField(max_length=40)
