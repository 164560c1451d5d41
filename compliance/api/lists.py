"""Frozen lists: the whole answer to a search on a day, as ids that never change again."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import search
from compliance import lists
from compliance.api import endpoints, paging, ranges
from compliance.api.once import once
from compliance.api.paging import AskedOfTime, Key, Moment
from compliance.api.searches import ORDERS, Hit, understood
from compliance.models import MessageList

Plain = serializers.Serializer[Any]


class Frozen(Plain):
    """A frozen list."""

    id = serializers.IntegerField(source="list.pk")
    name = serializers.CharField(source="list.name")
    query = serializers.CharField(source="list.query")
    explanation = serializers.CharField(source="list.explanation")
    order = serializers.CharField(source="list.order")
    matter_id = serializers.IntegerField(source="list.matter_id", allow_null=True)
    state = serializers.CharField(source="list.state", help_text="due, claimed, done, failed or stopped.")
    made_by_name = serializers.CharField(source="list.made_by_name")
    asked_at = Moment(source="list.asked_at")
    finished_at = Moment(source="list.finished_at", allow_null=True)
    count = serializers.IntegerField(
        allow_null=True, help_text="What of it is within reach; null until it is done."
    )


class NewList(Plain):
    """A list to be frozen."""

    name = serializers.CharField(max_length=100)
    query = serializers.CharField(max_length=search.LONGEST_QUERY)
    order = serializers.ChoiceField(choices=ORDERS, default=search.Order.NEWEST.value)
    matter = Key(required=False, help_text="The matter it is made in.")


class Seen(Frozen):
    """A frozen list, its digest, and a page of its messages."""

    sha256 = serializers.CharField(
        allow_null=True,
        help_text="Over the ids in order, a line each; null until it is done, and where a part is seen.",
    )
    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")
    items = Hit(many=True)


class Which(AskedOfTime):
    """Which frozen lists."""

    state = serializers.ChoiceField(choices=[*MessageList.State.values], required=False)
    matter = Key(required=False, help_text="Made in this matter.")


class WhichMessages(Plain):
    """Where to read on."""

    after = serializers.CharField(
        max_length=500, required=False, help_text="Where the page before this one ended; take it from `next`."
    )


class Lists(endpoints.Endpoint):
    """Frozen lists."""

    @endpoints.described(paging.page_of(Frozen), of="lists", named="list_lists", asks=Which)
    def get(self, request: Request) -> Response:
        """The frozen lists the person may see, newest first."""
        asked = paging.asked(Which, request)
        among = paging.among(asked, state="state", matter="matter")
        found, older = lists.lines(
            among=among, before=paging.key(asked), limit=asked["limit"], by=self.by, now=self.now
        )
        return paging.page(
            request, found, shape=Frozen, total=lists.total(among=among, by=self.by), after=older
        )

    @endpoints.described_change(NewList, Frozen, of="lists", named="freeze_list", also=(503,))
    def post(self, request: Request) -> Response:
        """Freeze the whole answer to a search. A long one is read by a worker: ask for the list until it is done."""

        def freeze() -> Mapping[str, Any]:
            given = paging.given(NewList, request)
            with understood("query"):
                row = lists.freeze(
                    name=given["name"], query=given["query"], order=search.Order(given["order"]),
                    matter_id=given.get("matter"), by=self.by, now=self.now,
                )  # fmt: skip
            return Frozen({"list": row, "count": row.count}).data

        return once(self, request, freeze)


class OneList(endpoints.Endpoint):
    """One frozen list."""

    @endpoints.described(Seen, of="lists", named="get_list", asks=WhichMessages)
    def get(self, request: Request, list_id: int) -> Response:
        """A frozen list with a page of its messages, as far as they are within reach. Recorded as a look."""
        asked = paging.asked(WhichMessages, request)
        seen = lists.seen(list_id=list_id, after=paging.key(asked) or 0, by=self.by, now=self.now)
        return Response(
            {
                **Frozen(seen.line).data,
                "sha256": _digest(seen.line.list) if seen.is_whole else None,
                "next": paging.following(request, seen.next),
                "items": Hit(seen.found, many=True).data,
            }
        )


class Ids(endpoints.Endpoint):
    """The ids of a frozen list."""

    @endpoints.described_bytes(of="lists", named="take_list", asks=ranges.ASKS, also=(206, 416))
    def get(self, request: Request, list_id: int) -> HttpResponseBase:
        """The ids within reach, in order, a line each: what the list's digest is over, where all of it is. Recorded."""
        lines = lists.take(list_id=list_id, form=lists.Form.NDJSON, by=self.by, now=self.now)
        return ranges.written(request, lines, name=f"list-{list_id}.ndjson")


def _digest(row: MessageList) -> str | None:
    return None if row.sha256 is None else bytes(row.sha256).hex()
