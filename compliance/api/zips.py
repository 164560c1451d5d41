"""What a search finds in zips of legal holds, beside the messages: counted apart, and told where it cannot be asked there."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from compliance import hold_files
from compliance.api import endpoints
from compliance.models import Matter

Plain = serializers.Serializer[Any]


class InZip(Plain):
    """A file in a zip."""

    matter_id = serializers.IntegerField()
    zip_id = serializers.IntegerField()
    custodian_name = serializers.CharField(help_text="Whose zip it is.")
    number = serializers.IntegerField(help_text="Its place among the files of the zip, from 0.")
    name = serializers.CharField()
    text = serializers.CharField(help_text="The passage with most of the words.")


class InZips(Plain):
    """What was found in zips of legal holds, and what of them was not searched."""

    is_searched = serializers.BooleanField(help_text="False for a query that cannot be asked of zips.")
    files = serializers.IntegerField(
        allow_null=True, help_text="How many were found; null where not searched."
    )
    zips = serializers.IntegerField(allow_null=True, help_text="In how many zips.")
    items = InZip(many=True, help_text=f"The first {hold_files.MOST_BESIDE} of them.")
    files_in_all = serializers.IntegerField(help_text="In the zips of the matters within reach.")
    files_unread = serializers.IntegerField(help_text="Of these, not read yet.")
    files_unreadable = serializers.IntegerField(help_text="Of these, unreadable as a whole or in part.")
    zips_unopened = serializers.IntegerField(help_text="Zips of which nothing was searched.")


def found(endpoint: endpoints.Endpoint, *, query: str, matter: Matter | None) -> Mapping[str, Any] | None:
    """What a query finds in the zips of a matter, or of all within reach; None where there are none. Recorded."""
    beside = hold_files.beside(query=query, matter=matter, by=endpoint.by, now=endpoint.now)
    if beside is None:
        return None
    return {
        **beside.figures,
        "items": [
            {
                "matter_id": of.pk,
                "zip_id": one.hold_file_id,
                "custodian_name": line.name,
                "number": one.number,
                "name": one.name,
                "text": one.text,
            }
            for of, line, one in beside.lines
        ],
    }
