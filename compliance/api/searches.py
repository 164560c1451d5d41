"""Searching: one search, saved ones and their runs. Each is recorded with its words, and narrowed to what the token reaches."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive import search
from compliance import investigations, matters, permissions, refusals, saved, sightings
from compliance.api import endpoints, paging, zips
from compliance.api.once import once
from compliance.api.paging import Asked, Key, Moment
from compliance.permissions import Action

Plain = serializers.Serializer[Any]
ORDERS = [one.value for one in search.Order]


class What(Asked):
    """What is looked for."""

    q = serializers.CharField(
        max_length=search.LONGEST_QUERY,
        allow_blank=True,
        help_text="In the query language of the search page.",
    )
    order = serializers.ChoiceField(choices=ORDERS, default=search.Order.NEWEST.value)
    matter = Key(required=False, help_text="Only what this matter holds.")


class WhichSearches(Asked):
    """Which saved searches."""

    matter = Key(required=False, help_text="Made in this matter.")
    shared = serializers.BooleanField(required=False, help_text="Shared ones, or those of the person alone.")
    own = serializers.BooleanField(required=False, help_text="Of the person, or of others.")


class Hit(Plain):
    """A message that was found."""

    message_id = serializers.IntegerField(source="hit.message_id")
    session_id = serializers.IntegerField(source="hit.session_id")
    session_title = serializers.CharField(source="session")
    sent_at = Moment(source="hit.sent_at")
    sender_name = serializers.CharField(source="glimpse.sender_name", help_text="As it was then.")
    text = serializers.SerializerMethodField(help_text="The last wording held.")
    is_edited = serializers.BooleanField(source="glimpse.is_edited")
    is_deleted = serializers.BooleanField(source="glimpse.is_deleted")
    is_destroyed = serializers.BooleanField(source="glimpse.is_destroyed")
    files = serializers.ListField(source="glimpse.files", child=serializers.CharField())

    def get_text(self, one: sightings.FoundMessage) -> str:
        """The last wording held."""
        return one.glimpse.wordings[-1].text


class Found(paging.Page):
    """A page of what was found."""

    explanation = serializers.CharField(help_text="How the query was understood.")
    complete_to = serializers.IntegerField(
        allow_null=True,
        help_text="All records below this leaf of the log were searched; null for a token of some matters.",
    )
    complete_at = Moment(
        allow_null=True,
        help_text="All that was stored before this moment was searched; null for a token of some matters.",
    )
    pending = serializers.IntegerField(
        allow_null=True,
        help_text="Records that are stored and were not searched yet; null for a token of some matters.",
    )
    days_at_fault = serializers.IntegerField(
        allow_null=True,
        help_text="Days on which the index differs from the record and is being indexed anew; null for a token of some "
        "matters.",
    )
    files_unread = serializers.IntegerField(
        help_text="Files within reach whose insides were not searched, since they were not read yet."
    )
    files_unreadable = serializers.IntegerField(
        help_text="Files within reach whose insides cannot be searched, as a whole or in part."
    )
    is_whole = serializers.BooleanField(help_text="False where only a part of the archive is within reach.")
    in_zips = zips.InZips(
        allow_null=True,
        help_text="What the query finds in zips of legal holds, counted apart from the messages; null where no zip is within "
        "reach, and on pages that are read on.",
    )
    items = Hit(many=True)


class Run(Plain):
    """A search that was run: a whole answer, read into a list."""

    list_id = serializers.IntegerField(source="pk")
    state = serializers.CharField(help_text="due, claimed, done or failed.")
    asked_at = Moment()
    finished_at = Moment(allow_null=True)


class Saved(Plain):
    """A saved search with the person's own last run."""

    id = serializers.IntegerField(source="search.pk")
    name = serializers.CharField(source="search.name")
    query = serializers.CharField(source="search.query")
    order = serializers.CharField(source="search.order")
    is_shared = serializers.BooleanField(source="search.is_shared")
    is_own = serializers.BooleanField()
    matter_id = serializers.IntegerField(source="search.matter_id", allow_null=True)
    made_by_name = serializers.CharField(source="search.made_by_name")
    made_at = Moment(source="search.made_at")
    last = Run(allow_null=True)
    found = serializers.IntegerField(allow_null=True, help_text="Of the last run; null without one.")


class NewSearch(Plain):
    """A search to be saved."""

    name = serializers.CharField(max_length=saved.LONGEST_NAME)
    query = serializers.CharField(max_length=search.LONGEST_QUERY)
    order = serializers.ChoiceField(choices=ORDERS, default=search.Order.NEWEST.value)
    shared = serializers.BooleanField(default=False)
    matter = Key(required=False, help_text="The matter it is made in.")


class WhichResults(Plain):
    """Which messages of a saved search's last run."""

    part = serializers.ChoiceField(
        choices=[one.value for one in saved.Part], required=False,
        help_text="new, changed, gone: compared with the run before; new where nothing is said, all without one.",
    )  # fmt: skip
    after = serializers.CharField(
        max_length=500, required=False, help_text="Where the page before this one ended; take it from `next`."
    )


class Results(Plain):
    """A page of what the last run of a saved search found."""

    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")
    search = Saved()
    part = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many, by part.")
    may_run = serializers.BooleanField(help_text="False where the language of today would read it otherwise.")
    items = Hit(many=True)


class Search(endpoints.Endpoint):
    """One search."""

    @endpoints.described(Found, of="searches", named="search", asks=What, also=(503,))
    def get(self, request: Request) -> Response:
        """Search, and read on in the answer. Recorded with its words."""
        asked = paging.asked(What, request)
        refusals.check(Action.SEARCH, subject="archive", by=self.by, now=self.now)
        matter_id = asked.get("matter")
        matter = None if matter_id is None else matters.get(matter_id=matter_id, by=self.by)
        place = search.Place.from_text(asked["after"]) if "after" in asked else None
        if place is None and "after" in asked:
            raise serializers.ValidationError({"after": paging.NOT_A_PLACE})
        with understood("q"):
            found = investigations.messages(
                query=asked["q"], after=place, order=search.Order(asked["order"]), limit=asked["limit"],
                matter=matter, by=self.by, now=self.now,
            )  # fmt: skip
        answer, coverage = found.answer, found.answer.coverage
        is_told = not permissions.is_of_some_matters(self.by)  # both grow with whatever else is done
        return Response(
            {
                "total": answer.count,
                "next": paging.following(request, answer.next),
                "explanation": answer.explanation,
                "complete_to": coverage.complete_to if is_told else None,
                "complete_at": Moment().to_representation(found.complete_at) if is_told else None,
                "pending": coverage.pending if is_told else None,
                "days_at_fault": coverage.days_at_fault if is_told else None,
                "files_unread": coverage.unread,
                "files_unreadable": coverage.unreadable,
                "is_whole": found.is_whole,
                "in_zips": zips.found(self, query=asked["q"], matter=matter) if place is None else None,
                "items": Hit(found.found, many=True).data,
            }
        )


class Searches(endpoints.Endpoint):
    """Saved searches."""

    @endpoints.described(paging.page_of(Saved), of="searches", named="list_searches", asks=WhichSearches)
    def get(self, request: Request) -> Response:
        """The saved searches the person may see, in the order in which they were saved."""
        asked = paging.asked(WhichSearches, request)
        found = {
            line.search.pk: line
            for line in saved.lines(by=self.by, now=self.now)
            if asked.get("matter", line.search.matter_id) == line.search.matter_id
            and asked.get("shared", line.search.is_shared) == line.search.is_shared
            and asked.get("own", line.is_own) == line.is_own
        }
        return paging.keyed(request, found, asked, shape=Saved)

    @endpoints.described_change(NewSearch, Saved, of="searches", named="save_search", also=(503,))
    def post(self, request: Request) -> Response:
        """Keep a search, and run it for the first time."""

        def save() -> Mapping[str, Any]:
            given = paging.given(NewSearch, request)
            with understood("query"):
                kept = saved.save(
                    name=given["name"], query=given["query"], order=search.Order(given["order"]),
                    shared=given["shared"], matter_id=given.get("matter"), by=self.by, now=self.now,
                )  # fmt: skip
            return _saved(self, kept.pk)

        return once(self, request, save)


class OneSearch(endpoints.Endpoint):
    """One saved search."""

    @endpoints.described(Results, of="searches", named="get_search", asks=WhichResults)
    def get(self, request: Request, search_id: int) -> Response:
        """A saved search with a page of what its last run found. Recorded as a look."""
        asked = paging.asked(WhichResults, request)
        part = None if "part" not in asked else saved.Part(asked["part"])
        seen = saved.seen(
            search_id=search_id, part=part, after=paging.key(asked) or 0, by=self.by, now=self.now
        )
        return Response(
            {
                "next": paging.following(request, seen.next),
                "search": Saved(seen.line).data,
                "part": seen.part.value,
                "counts": {name.value: count for name, count in seen.counts.items()},
                "may_run": seen.meaning.may_run,
                "items": Hit(seen.found, many=True).data,
            }
        )

    @endpoints.described_change(None, None, of="searches", named="remove_search", status=204)
    def delete(self, request: Request, search_id: int) -> Response:
        """Take one's own search off the lists; its runs and its trail stay."""

        def remove() -> None:
            saved.remove(search_id=search_id, by=self.by, now=self.now)

        return once(self, request, remove, status=204)


class Runs(endpoints.Endpoint):
    """Runs of a saved search."""

    @endpoints.described_change(None, Run, of="searches", named="run_search", also=(503,))
    def post(self, request: Request, search_id: int) -> Response:
        """Run a saved search again. A long answer is read by a worker: ask for the search until its run is done."""

        def run() -> Mapping[str, Any]:
            with understood("query"):
                return Run(saved.run(search_id=search_id, by=self.by, now=self.now)).data

        return once(self, request, run)


@contextmanager
def understood(field: str) -> Iterator[None]:
    """Say what of a query is not understood, as what is wrong with a field."""
    try:
        yield
    except search.QueryError as error:
        raise serializers.ValidationError({field: str(error)}) from error


def _saved(endpoint: endpoints.Endpoint, key: int) -> Mapping[str, Any]:
    lines = saved.lines(by=endpoint.by, now=endpoint.now)
    return Saved(next(line for line in lines if line.search.pk == key)).data
