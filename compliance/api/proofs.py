"""The shape of a proof: a leaf of the log, and the path from its hash to the root of a signed checkpoint (RFC 9162)."""

import base64
from typing import Any

from rest_framework import serializers

from archive import provenance
from compliance.api.paging import Moment


class Hash(serializers.CharField):
    """Bytes in hexadecimal."""

    def to_representation(self, value: Any) -> str:
        """In hexadecimal."""
        return bytes(value).hex()


class Bytes(serializers.CharField):
    """Bytes in base64."""

    def to_representation(self, value: Any) -> str:
        """In base64."""
        return base64.b64encode(bytes(value)).decode()


class Proof(serializers.Serializer[provenance.Proof]):
    """That a leaf is in the log: SHA-256 over 0x00 and `entry` is `leaf_hash`; with `path` it leads to `root`.

    `checkpoint_size` and `root` are null, and the path is empty, while no checkpoint covers the leaf yet.
    """

    index = serializers.IntegerField()
    at = Moment()
    entry = Bytes(help_text="The bytes of the leaf, in base64.")
    leaf_hash = Hash()
    path = serializers.ListField(child=Hash(), help_text="From the leaf to the root.")
    checkpoint_size = serializers.IntegerField(allow_null=True)
    root = Hash(allow_null=True)  # type: ignore[assignment]  # a field has an attribute of this name
