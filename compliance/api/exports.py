"""Exports: asked for, measured, made exactly as measured, followed, and taken part by part.

A program asks, waits until it is measured, looks at what exactly will come, and has that made by its digest; where policy
wants a second person, it waits for them. Then it takes the parts, each with its size and its SHA-256.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive.packages.content import Format
from compliance import periods, refusals
from compliance.api import endpoints, paging, ranges
from compliance.api.once import once
from compliance.api.paging import AskedOfTime, Key, Moment
from compliance.api.searches import understood
from compliance.exports import asking, certifying, choosing, coming, deciding, reading, taking
from compliance.models import Export
from compliance.permissions import Action

Plain = serializers.Serializer[Any]
_KEYS = uuid.UUID("6d6c2b9e-0d5b-5f0a-9a37-3b1f6a3f2c41")  # of keys that programs make up


class Which(AskedOfTime):
    """Which exports; made is when they were asked for."""

    state = serializers.ChoiceField(choices=[*Export.State.values], required=False)
    kind = serializers.ChoiceField(choices=[*Export.Kind.values], required=False)
    matter = Key(required=False)


class NewExport(Plain):
    """What is to be exported, as what, and why. Days are days of `zone`, which forms for people are written in, too."""

    kind = serializers.ChoiceField(choices=[*Export.Kind.values])
    key = Key(help_text="Of the matter, the saved search, the frozen list or the session.")
    matter = Key(required=False, help_text="Of a session: the matter it is exported in.")
    first = serializers.DateField(required=False, help_text="The first day; of a session there must be one.")
    last = serializers.DateField(required=False, help_text="The last day.")
    title = serializers.CharField(max_length=asking.LONGEST_TITLE)
    reason = serializers.CharField(max_length=asking.LONGEST_REASON)
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=[one.value for one in Format]),
        required=False,
        help_text="Beside ndjson, which every package has.",
    )
    part_bytes = serializers.IntegerField(
        min_value=asking.LEAST_PART, max_value=asking.MOST_PART, default=asking.USUAL_PART
    )
    zone = serializers.CharField(max_length=64, default="UTC")


class Decision(Plain):
    """Which contents are to be made."""

    digest = serializers.CharField(max_length=64, help_text="As the export has it: what was looked at.")


class ExportLine(Plain):
    """One export."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(help_text=", ".join(Export.Kind.values))
    matter_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    reason = serializers.CharField()
    formats = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(help_text=", ".join(Export.State.values))
    done = serializers.IntegerField(help_text="Messages written so far, in this state.")
    messages_to_write = serializers.IntegerField(source="total", help_text="0 while it is not known.")
    asked_by_name = serializers.CharField()
    asked_at = Moment()
    measured_at = Moment(allow_null=True)
    made_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True)
    digest = serializers.CharField(help_text="SHA-256 of what was measured; empty before.")
    ending = serializers.CharField(help_text="Why it ended as it did; empty where it did not.")


class Part(Plain):
    """One file of the package."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Empty until it is made.")


class ExportDetail(ExportLine):
    """One export with what exactly will come, or came: counted by writing all of it into a sink."""

    contents = serializers.JSONField(help_text="What was measured; empty before.")
    parts = Part(many=True)
    needs_approval = serializers.BooleanField(help_text="Whether policy wants a second person first.")
    waits_for_approval = serializers.BooleanField()
    followed_by = serializers.IntegerField(
        allow_null=True, help_text="The one that was measured anew after it."
    )


class Exports(endpoints.Endpoint):
    """Exports."""

    @endpoints.described(paging.page_of(ExportLine), of="exports", named="list_exports", asks=Which)
    def get(self, request: Request) -> Response:
        """The exports that the token may see, newest first."""
        asked = paging.asked(Which, request)
        found = reading.page(
            among=paging.among(asked, state="state", kind="kind", matter="matter"),
            before=paging.key(asked), limit=asked["limit"], by=self.by, now=self.now,
        )  # fmt: skip
        return paging.page(request, found.rows, shape=ExportLine, total=found.total, after=found.older)

    @endpoints.described_change(NewExport, ExportLine, of="exports", named="ask_export", also=(503,))
    def post(self, request: Request) -> Response:
        """Ask for an export. It is measured by a worker: ask for it until it is `measured`."""

        def ask() -> Mapping[str, Any]:
            refusals.check(Action.EXPORT, subject="exports", by=self.by, now=self.now)
            given = paging.given(NewExport, request)
            with understood("key"):
                row = asking.ask(_draft(self, given), by=self.by, now=self.now)
            return ExportLine(row).data

        return once(self, request, ask)


class OneExport(endpoints.Endpoint):
    """One export."""

    @endpoints.described(ExportDetail, of="exports", named="get_export")
    def get(self, request: Request, export_id: int) -> Response:
        """One export: how far it is, what exactly will come, and its parts. Recorded as a look."""
        return Response(_detail(self, export_id))

    @endpoints.described_change(None, ExportLine, of="exports", named="cancel_export", status=200)
    def delete(self, request: Request, export_id: int) -> Response:
        """Stop measuring or making it, or say that it is not wanted. It stays in the list, cancelled."""

        def cancel() -> Mapping[str, Any]:
            return ExportLine(deciding.cancel(export_id=export_id, by=self.by, now=self.now)).data

        return once(self, request, cancel, status=200)


class Making(endpoints.Endpoint):
    """Having an export made."""

    @endpoints.described_change(Decision, ExportDetail, of="exports", named="make_export", status=202)
    def post(self, request: Request, export_id: int) -> Response:
        """Have made exactly what was measured, or ask a second person for it where policy wants one."""

        def make() -> Mapping[str, Any]:
            reading.find(export_id=export_id, by=self.by, now=self.now)
            given = paging.given(Decision, request)
            deciding.make(export_id=export_id, digest=given["digest"], by=self.by, now=self.now)
            return _detail(self, export_id)

        return once(self, request, make, status=202)


class MakingAgain(endpoints.Endpoint):
    """Having an export made again."""

    @endpoints.described_change(None, ExportDetail, of="exports", named="make_export_again", status=202)
    def post(self, request: Request, export_id: int) -> Response:
        """Have made again what was made and has expired, or what failed for a reason that may pass: the same bytes."""

        def make() -> Mapping[str, Any]:
            deciding.again(export_id=export_id, by=self.by, now=self.now)
            return _detail(self, export_id)

        return once(self, request, make, status=202)


class AskingAnew(endpoints.Endpoint):
    """Asking for the same export as things are now."""

    @endpoints.described_change(None, ExportLine, of="exports", named="ask_export_anew", also=(503,))
    def post(self, request: Request, export_id: int) -> Response:
        """Ask for the same again, measured anew: of one that failed, ended, or is not what it was any more."""

        def ask() -> Mapping[str, Any]:
            with understood("key"):
                row = asking.anew(
                    export_id=export_id, request_key=_request_key(self), by=self.by, now=self.now
                )
            return ExportLine(row).data

        return once(self, request, ask)


class OnePart(endpoints.Endpoint):
    """A part of an export that is ready."""

    @endpoints.described_bytes(of="exports", named="get_part", asks=ranges.ASKS, also=(206, 416))
    def get(self, request: Request, export_id: int, number: int) -> HttpResponseBase:
        """The bytes of a part, whole or on from where a download broke off. Its beginning and its end are recorded."""
        found = taking.part(export_id=export_id, number=number, by=self.by, now=self.now)
        digest, answer = bytes.fromhex(found.sha256), HttpResponse(status=304)
        if ranges.has_it(request, digest):
            return ranges.dressed(answer, sha256=digest, name=found.name, size=found.size_bytes)
        stretch = ranges.asked(request, size=found.size_bytes, sha256=digest)
        pieces = (
            [] if request.method == "HEAD" else taking.take(found, stretch, by=self.by, clock=timezone.now)
        )
        given = StreamingHttpResponse(pieces)
        return ranges.dressed(given, sha256=digest, name=found.name, size=found.size_bytes, stretch=stretch)


class CertificateOnPaper(endpoints.Endpoint):
    """The certificate of an export on paper."""

    @endpoints.described_bytes(
        of="exports", named="get_certificate_of_export", asks=ranges.ASKS, also=(206, 409, 416)
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """What the package has and the digests it is known by, as PDF/A; there also when the files are gone. Recorded."""
        return ranges.paper(request, certifying.take(export_id=export_id, by=self.by, now=self.now))


def _draft(endpoint: endpoints.Endpoint, given: Mapping[str, Any]) -> asking.Draft:
    """What is asked for, with its days. Raises ValidationError."""
    kind, zone = Export.Kind(given["kind"]), periods.a_zone(given["zone"])
    if zone is None:
        raise serializers.ValidationError({"zone": "There is no time zone of that name."})
    first, last = given.get("first"), given.get("last")
    if (first is None) != (last is None) or (kind == Export.Kind.SESSION and first is None):
        raise serializers.ValidationError({"last" if first is not None else "first": "Say both days."})
    period = None if first is None or last is None else periods.between(first, last, zone=zone)
    if period is None and first is not None:
        raise serializers.ValidationError(
            {"last": "The days are in the wrong order, or more than ten years."}
        )
    return asking.Draft(
        source=choosing.Source(kind, given["key"], matter_id=given.get("matter"), period=period),
        title=given["title"],
        reason=given["reason"],
        formats=frozenset(Format(one) for one in given.get("formats", ())),
        request_key=_request_key(endpoint),
        part_bytes=given["part_bytes"],
        zone=zone,
    )


def _request_key(endpoint: endpoints.Endpoint) -> uuid.UUID:
    """The key under which an export is asked for once: the token's, and its Idempotency-Key."""
    return uuid.uuid5(_KEYS, f"{endpoint.token.pk} {endpoint.request.headers[endpoints.KEY]}")


def _detail(endpoint: endpoints.Endpoint, export_id: int) -> Mapping[str, Any]:
    seen = reading.seen(export_id=export_id, by=endpoint.by, now=endpoint.now)
    return {
        **ExportLine(seen.row).data,
        "contents": dict(seen.contents),
        "parts": Part(coming.of(seen.row).parts, many=True).data,
        "needs_approval": seen.needs_approval,
        "waits_for_approval": seen.waits_for_approval,
        "followed_by": seen.followed_by,
    }
