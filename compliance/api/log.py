"""The Merkle log, to be checked without trusting us: its key, signed checkpoints, tiles, leaves and proofs (RFC 9162).

What is hashed says nothing of what it is about: a leaf commits to a record with a salt that is only in the record.
"""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import log, merkle, reading_log
from compliance import refusals
from compliance.api import endpoints, paging
from compliance.api.paging import AskedOfTime, Key, Moment
from compliance.api.proofs import Bytes, Hash
from compliance.hindrances import Absent
from compliance.permissions import Action

Plain = serializers.Serializer[Any]


class Checkpoint(Plain):
    """A signed statement of the log's size and root."""

    size = serializers.IntegerField()
    root = Hash()  # type: ignore[assignment]  # a field has an attribute of this name
    note = serializers.CharField(
        help_text="The signed note (C2SP tlog-checkpoint), exactly as it was published."
    )
    made_at = Moment()


class Log(Plain):
    """The log now."""

    key = serializers.CharField(allow_null=True, help_text="Its verifier key; null while nothing was signed.")
    leaves = serializers.IntegerField(help_text="How many there are, signed or not.")
    newest = Checkpoint(allow_null=True)


class Leaf(Plain):
    """One leaf."""

    index = serializers.IntegerField()
    kind = serializers.CharField()
    at = Moment()
    commitment = Hash()
    entry = Bytes(help_text="The bytes that are hashed, in base64.")
    leaf_hash = Hash()


class Inclusion(Plain):
    """Which leaf of a log of which size; without a size, of the newest checkpoint."""

    index = Key(min_value=0)
    size = Key(required=False)


class Consistency(Plain):
    """The sizes of two logs, the second that of the newest checkpoint where none is given."""

    old = Key()
    new = Key(required=False)


class Path(Plain):
    """A proof: hashes from the leaf up."""

    size = serializers.IntegerField()
    hashes = serializers.ListField(child=Hash())


class Between(Plain):
    """A proof that the log of one size begins with that of another, as `verify.py --consistency` takes it."""

    old = serializers.IntegerField()
    new = serializers.IntegerField()
    proof = serializers.ListField(child=Hash(), help_text="Hashes from the older root up.")


class _OfLog(endpoints.Endpoint):
    """Whatever is asked of the log takes the same right."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in whoever may see the system."""
        super().initial(request, *args, **kwargs)
        refusals.check(Action.SEE_SYSTEM, subject="log", by=self.by, now=self.now)


class TheLog(_OfLog):
    """The log now."""

    @endpoints.described(Log, of="log", named="get_log")
    def get(self, request: Request) -> Response:
        """The log's key, how long it is, and its newest checkpoint."""
        found = {"key": reading_log.key(), "leaves": log.size(), "newest": reading_log.newest()}
        return Response(Log(found).data)


class Which(AskedOfTime):
    """Which checkpoints."""


class Checkpoints(_OfLog):
    """Signed checkpoints."""

    @endpoints.described(paging.page_of(Checkpoint), of="log", named="list_checkpoints", asks=Which)
    def get(self, request: Request) -> Response:
        """The checkpoints, newest first."""
        asked = paging.asked(Which, request)
        among = paging.among(asked)
        found = reading_log.checkpoints(
            before=paging.key(asked), since=among.since, until=among.until, limit=asked["limit"]
        )
        return paging.page(request, found.checkpoints, shape=Checkpoint, total=found.count, after=found.older)


class OneCheckpoint(_OfLog):
    """One checkpoint."""

    @endpoints.described(Checkpoint, of="log", named="get_checkpoint")
    def get(self, request: Request, size: int) -> Response:
        """The checkpoint of a log of this size."""
        found = reading_log.checkpoint(size)
        if found is None:
            raise Absent
        return Response(Checkpoint(found).data)


class OneTile(_OfLog):
    """One full tile."""

    @endpoints.described_bytes(of="log", named="get_tile")
    def get(self, request: Request, level: int, number: int) -> HttpResponse:
        """256 hashes of one level, end to end (C2SP tlog-tiles); there once they are full, and never changed."""
        found = reading_log.tile(level, number) if level < 8 else None
        if found is None:
            raise Absent
        answer: HttpResponse = endpoints.tagged(request, HttpResponse(found, content_type=endpoints.BYTES))
        return answer


class OneLeaf(_OfLog):
    """One leaf."""

    @endpoints.described(Leaf, of="log", named="get_leaf")
    def get(self, request: Request, index: int) -> Response:
        """One leaf: when, of which kind, and the bytes that are hashed."""
        found = reading_log.leaf(index)
        if found is None:
            raise Absent
        return Response(Leaf(found).data)


class ProofOfInclusion(_OfLog):
    """That a leaf is in the log."""

    @endpoints.described(Path, of="log", named="prove_inclusion", asks=Inclusion)
    def get(self, request: Request) -> Response:
        """The audit path of a leaf in the log of a size that was signed, or smaller."""
        asked = paging.asked(Inclusion, request)
        size = asked.get("size", _signed())
        try:
            hashes = log.prove(index=asked["index"], size=size)
        except merkle.MerkleError as error:
            raise serializers.ValidationError({"index": str(error)}) from error
        return Response(Path({"size": size, "hashes": hashes}).data)


class ProofOfConsistency(_OfLog):
    """That a log begins with another."""

    @endpoints.described(Between, of="log", named="prove_consistency", asks=Consistency)
    def get(self, request: Request) -> Response:
        """That the log of one size begins with the log of another."""
        asked = paging.asked(Consistency, request)
        new = asked.get("new", _signed())
        try:
            hashes = log.consistency(old=asked["old"], new=new)
        except merkle.MerkleError as error:
            raise serializers.ValidationError({"old": str(error)}) from error
        return Response(Between({"old": asked["old"], "new": new, "proof": hashes}).data)


def _signed() -> int:
    newest = reading_log.newest()
    return 0 if newest is None else newest.size
