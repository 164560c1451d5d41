"""Dispositions: what was due, who approved its destruction, what became of it, and the certificate of it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.api import endpoints, paging, ranges
from compliance.api.paging import AskedOfTime, Key, Moment
from compliance.disposition import certifying, reviewing
from compliance.models import Disposition
from compliance.models import Request as Asking

Plain = serializers.Serializer[Any]
CERTIFICATE = "application/x-ndjson"


class Which(AskedOfTime):
    """Which dispositions."""

    state = serializers.ChoiceField(choices=[*Disposition.State.values], required=False)
    account = Key(required=False)
    erasure = Key(required=False, help_text="Only those for this request for erasure.")


class OneApproval(Plain):
    """One person's approval."""

    by_name = serializers.CharField(source="person_name")
    at = Moment()


class AskedFor(Plain):
    """What was asked of other people: that a disposition is carried out."""

    id = serializers.IntegerField(source="pk")
    state = serializers.CharField(help_text=", ".join(Asking.State.values))
    asked_by_name = serializers.CharField()
    asked_at = Moment()
    reason = serializers.CharField()
    needs = serializers.IntegerField(source="approvers", help_text="How many others must approve it.")
    approvals = OneApproval(many=True, source="approvals.all")
    runs_at = Moment(allow_null=True, help_text="When it has cooled off.")
    ended_at = Moment(allow_null=True, help_text="From then on it destroys nothing more.")
    ended_by_name = serializers.CharField(help_text="Empty where nobody ended it.")
    ending = serializers.CharField(help_text="Why it ended as it did.")

    def get_attribute(self, instance: Disposition) -> Asking | None:
        """Of those that were looked up for all lines at once."""
        asked: Mapping[int, Asking | None] = self.context["requests"]
        return asked.get(instance.pk)


class DispositionLine(Plain):
    """One disposition."""

    id = serializers.IntegerField(source="pk")
    account_id = serializers.IntegerField()
    state = serializers.CharField(help_text=", ".join(Disposition.State.values))
    erasure_id = serializers.IntegerField(
        allow_null=True, help_text="The request for erasure it is for, if any."
    )
    as_of = Moment()
    made_by_name = serializers.CharField()
    made_at = Moment()
    messages = serializers.IntegerField()
    sessions = serializers.IntegerField()
    files = serializers.IntegerField()
    file_bytes = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Due as well, and held: not among the messages.")
    zips = serializers.IntegerField(
        help_text="Of legal holds of released matters, destroyed before the messages."
    )
    zip_bytes = serializers.IntegerField()
    zips_kept = serializers.IntegerField(help_text="Of released matters as well, and held or not due.")
    request = AskedFor(
        allow_null=True,
        help_text="The last one about it; null: nobody has asked yet. Ended without being carried out, what was put "
        "together stays and destroys nothing until somebody asks again.",
    )
    sha256 = serializers.SerializerMethodField(
        help_text="Over its parts in order, then its zips; null until it is put together."
    )
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    destroyed = serializers.IntegerField(help_text="Messages.")
    refused = serializers.IntegerField(help_text="Messages that something came to hold meanwhile.")
    zips_destroyed = serializers.IntegerField()
    zips_refused = serializers.IntegerField()

    def get_sha256(self, row: Disposition) -> str | None:
        """In hexadecimal."""
        return None if row.sha256 is None else bytes(row.sha256).hex()


class GoneByRule(Plain):
    """What goes under a rule."""

    rule_id = serializers.SerializerMethodField(help_text="null: under none, for an erasure.")
    name = serializers.SerializerMethodField()
    messages = serializers.IntegerField()
    sessions = serializers.IntegerField()
    files = serializers.IntegerField()

    def get_rule_id(self, one: reviewing.OfRule) -> int | None:
        """As it was when the set was put together."""
        return int(one.rule["id"]) if one.rule else None

    def get_name(self, one: reviewing.OfRule) -> str:
        """As it was called then."""
        return str(one.rule.get("name", ""))


class Refused(Plain):
    """So many messages were refused when they were to be destroyed, for the same reason."""

    why = serializers.CharField()
    messages = serializers.IntegerField()


class DispositionDetail(DispositionLine):
    """One disposition, by rule, with what was refused and why."""

    rules = GoneByRule(many=True)
    refusals = Refused(many=True)


class Dispositions(endpoints.Endpoint):
    """The dispositions."""

    @endpoints.described(
        paging.page_of(DispositionLine), of="dispositions", named="list_dispositions", asks=Which
    )
    def get(self, request: Request) -> Response:
        """The dispositions, newest first."""
        asked = paging.asked(Which, request)
        among = paging.among(asked, state="state", account="account_id", erasure="erasure_id")
        found = reviewing.page(
            among=among, before=paging.key(asked), limit=asked["limit"], by=self.by, now=self.now
        )
        of = {"requests": reviewing.requests(found.rows)}
        return paging.page(
            request, found.rows, shape=DispositionLine, total=found.total, after=found.older, context=of
        )


class OneDisposition(endpoints.Endpoint):
    """One disposition."""

    @endpoints.described(DispositionDetail, of="dispositions", named="get_disposition")
    def get(self, request: Request, disposition_id: int) -> Response:
        """One disposition, by rule. Recorded as a look."""
        found = reviewing.seen(disposition_id=disposition_id, by=self.by, now=self.now)
        return Response(
            {
                **DispositionLine(found.row, context={"requests": {found.row.pk: found.asked}}).data,
                "rules": GoneByRule(found.rules, many=True).data,
                "refusals": Refused(found.refused, many=True).data,
            }
        )


class Certificate(endpoints.Endpoint):
    """A certificate of destruction."""

    @endpoints.described_bytes(
        of="dispositions", named="get_certificate", asks=ranges.ASKS, also=(206, 409, 416)
    )
    def get(self, request: Request, disposition_id: int) -> HttpResponseBase:
        """The certificate, to be checked with `python archive/verify.py FILE`. Recorded as a download."""
        reviewing.get(disposition_id=disposition_id, by=self.by, now=self.now)
        pieces = certifying.take(disposition_id=disposition_id, by=self.by, now=self.now)
        return ranges.written(request, pieces, name=f"certificate-{disposition_id}.jsonl")


class CertificateOnPaper(endpoints.Endpoint):
    """A certificate of destruction on paper."""

    @endpoints.described_bytes(
        of="dispositions", named="get_certificate_on_paper", asks=ranges.ASKS, also=(206, 409, 416)
    )
    def get(self, request: Request, disposition_id: int) -> HttpResponseBase:
        """The certificate as PDF/A, to print and to file; it proves nothing by itself. Recorded as a download."""
        reviewing.get(disposition_id=disposition_id, by=self.by, now=self.now)
        return ranges.paper(
            request, certifying.take_paper(disposition_id=disposition_id, by=self.by, now=self.now)
        )
