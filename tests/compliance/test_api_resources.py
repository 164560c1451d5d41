"""What the REST API says of each thing: whole, in UTC, with the proof of it, and read on to the end."""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import merkle, search
from archive.models import Attachment, IndexState, Message, Session
from compliance import audit, tokens
from compliance.models import AuditEvent, Custodian, Matter, MessageList, SavedSearch, TokenAnswer
from compliance.models import Request as Asked
from compliance.permissions import Action
from tests.archive import scenes
from tests.archive.scenes import NOW
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import second_officer, third_officer
from tests.compliance.exports.conftest import Worker

pytestmark = pytest.mark.django_db


class Program:
    """A program that shows a token."""

    def __init__(
        self, by: User, actions: frozenset[Action] = tokens.FOR_PROGRAMS, matter_ids: list[int] | None = None
    ) -> None:
        made = tokens.make(
            name="Program", actions=actions, matter_ids=matter_ids, days=1, by=by, now=timezone.now()
        )
        self.shown = {"authorization": f"Bearer {made.key}"}

    def ask(self, address: str, /, headers: dict[str, str] | None = None, **query: Any) -> Any:
        """What is answered."""
        cache.clear()
        return Client().get(f"/api/v1/{address}", query, headers={**self.shown, **(headers or {})})

    def get(self, address: str, **query: Any) -> Any:
        """The JSON of a good answer."""
        answer = self.ask(address, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def change(self, address: str, body: Any = None, *, once: str = "a", method: str = "POST") -> Any:
        """What a change is answered."""
        cache.clear()
        headers = {**self.shown, **({"idempotency-key": once} if once else {})}
        return Client().generic(
            method, f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=headers
        )

    def every(self, address: str, **query: Any) -> list[Any]:
        """All items of a list, page by page."""
        page = self.get(address, **query)
        found: list[Any] = page["items"]
        while page["next"] is not None:
            answer = Client().get(page["next"], headers=self.shown)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            found += page["items"]
        return found


@pytest.fixture
def session(db: None) -> Session:
    found = world.fill(sessions=2, messages=7)[0]
    world.index()
    return found


@pytest.fixture
def program(session: Session, ines: User) -> Program:
    return Program(ines)


def wrong(answer: Any, status: int) -> list[str]:
    """The fields of a problem."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    return [one["field"] for one in answer.json().get("errors", [])]


def test_messages_of_a_session_are_read_to_the_end_once_each(program: Program, session: Session) -> None:
    """Oldest first, whatever the size of the pages, with every wording."""
    found = program.every(f"sessions/{session.pk}/messages/", limit=3)
    expected = Message.objects.filter(session=session).order_by("sent_at", "pk").values_list("pk", flat=True)
    assert [one["id"] for one in found] == list(expected)
    edited = next(one for one in found if one["zoom_id"] == "edited")
    assert [one["text"] for one in edited["wordings"]] == ["ship it monday", "ship it someday"]
    assert (edited["state"], edited["text"]) == ("edited", "ship it someday")
    assert all(one["sent_at"].endswith("Z") for one in found)


def test_messages_of_a_stretch_of_time(program: Program, session: Session) -> None:
    """From a moment to before another; one that is no stretch is named."""
    address = f"sessions/{session.pk}/messages/"
    every = program.every(address)
    some = program.every(address, since=every[2]["sent_at"], until=every[5]["sent_at"], limit=2)
    assert [one["id"] for one in some] == [one["id"] for one in every[2:5]]
    assert wrong(program.ask(address, since=every[5]["sent_at"], until=every[2]["sent_at"]), 400) == ["until"]
    assert wrong(program.ask(address, since="yesterday"), 400) == ["since"]
    assert wrong(program.ask(address, after="x"), 400) == ["after"]


def test_a_message_comes_with_its_bytes_and_a_proof_that_checks(program: Program) -> None:
    """Whoever has the answer hashes the leaf and climbs to the root of the signed checkpoint."""
    world.sign()
    message = world.message("edited")
    found = program.get(f"messages/{message.pk}/")
    assert len(found["revisions"]) == message.revisions.count() == 2
    for revision in found["revisions"]:
        row = message.revisions.get(pk=revision["id"])
        assert base64.b64decode(revision["raw"]) == bytes(row.raw)
        proof = revision["proof"]
        leaf = hashlib.sha256(b"\x00" + base64.b64decode(proof["entry"])).digest()
        merkle.check_inclusion(
            leaf_hash=leaf, index=proof["index"], size=proof["checkpoint_size"],
            proof=[bytes.fromhex(one) for one in proof["path"]], root=bytes.fromhex(proof["root"]),
        )  # fmt: skip
    assert AuditEvent.objects.filter(action="looked", subject=f"message/{message.pk}").count() == 1


def test_bytes_come_whole_in_part_or_not_at_all(program: Program) -> None:
    """A download that broke off is gone on with; each is recorded."""
    file = world.store_files()
    whole, address = b"the plan\n\x00\xff\xfe", f"files/{file.pk}/"
    answer = program.ask(address)
    etag = answer.headers["ETag"]
    assert (b"".join(answer.streaming_content), etag) == (whole, f'"{hashlib.sha256(whole).hexdigest()}"')
    assert (
        answer.headers["Repr-Digest"]
        == f"sha-256=:{base64.b64encode(hashlib.sha256(whole).digest()).decode()}:"
    )
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "\u202e" not in answer.headers["Content-Disposition"]
    for asked, part, said in (
        ("bytes=4-", whole[4:], "bytes 4-11/12"),
        ("bytes=0-3", whole[:4], "bytes 0-3/12"),
        ("bytes=-3", whole[-3:], "bytes 9-11/12"),
        ("bytes=2-99", whole[2:], "bytes 2-11/12"),
    ):
        answer = program.ask(address, {"range": asked, "if-range": etag})
        assert (answer.status_code, answer.headers["Content-Range"]) == (206, said)
        assert b"".join(answer.streaming_content) == part
    for asked in ("bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"):
        assert program.ask(address, {"range": asked}).status_code == 200
    assert program.ask(address, {"range": "bytes=4-", "if-range": '"another"'}).status_code == 200
    wrong(program.ask(address, {"range": "bytes=12-"}), 416)
    assert program.ask(address, {"if-none-match": etag}).status_code == 304
    assert AuditEvent.objects.filter(action="downloaded").count() == 12


def test_bytes_that_are_gone_from_the_disk_are_said_to_be(
    program: Program, settings: Any, tmp_path: Any
) -> None:
    """As what they are: a fault of the store, and no missing file."""
    file = world.store_files()
    settings.HOLDFAST_DATA = tmp_path / "elsewhere"
    wrong(program.ask(f"files/{file.pk}/"), 500)
    assert Attachment.objects.filter(blob=None).count() == 0


def test_an_answer_that_is_known_is_not_sent_again(program: Program) -> None:
    """By its ETag; another answer has another."""
    answer = program.ask("sessions/")
    etag = answer.headers["ETag"]
    again = program.ask("sessions/", {"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    Session.objects.update(status="archived")
    changed = program.ask("sessions/", {"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_people_and_accounts(program: Program, session: Session) -> None:
    """Found by name, with what is unknown as null."""
    assert [one["name"] for one in program.get("accounts/")["items"]] == ["acme"]
    everybody = program.every("people/", limit=1)
    assert len(everybody) == program.get("people/")["total"] >= 3
    ines = program.get("people/", named="ines")["items"]
    assert [one["member_id"] for one in ines] == ["m-ines"]
    assert program.get(f"people/{ines[0]['id']}/")["names"][0]["name"] == ines[0]["name"]
    assert program.get("people/", account=987)["items"] == []
    assert wrong(program.ask("people/", account="acme"), 400) == ["account"]
    wrong(program.ask("people/987654/"), 404)


def test_what_is_proven_of_each_day(program: Program, session: Session) -> None:
    """Of a session with its account, and of all sessions together."""
    days = program.get(f"sessions/{session.pk}/coverage/", first="2026-11-01", last="2026-11-03")["items"]
    assert [one["day"] for one in days] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert {one["state"] for one in days} <= {"complete", "partial", "gap", "waiting", "lost", "unknown"}
    account = session.account_id
    days = program.get(f"accounts/{account}/coverage/", first="2026-11-01", last="2026-11-03")["items"]
    assert len(days) == 3
    address = f"sessions/{session.pk}/coverage/"
    assert wrong(program.ask(address, first="2026-11-03", last="2026-11-01"), 400) == ["last"]
    assert wrong(program.ask(address, first="2020-11-03", last="2026-11-01"), 400) == ["last"]
    wrong(program.ask("sessions/987654/coverage/"), 404)
    wrong(program.ask("accounts/987654/coverage/"), 404)


def test_a_search_is_read_to_the_end(program: Program) -> None:
    """Each hit once, with the exact total and how it was understood; what is not understood is named."""
    found = program.every("search/", q="plain", limit=3)
    page = program.get("search/", q="plain")
    assert len({one["message_id"] for one in found}) == len(found) == page["total"] == 14
    assert page["is_whole"] is True
    assert "plain" in page["explanation"]
    assert found[0]["text"].startswith("plain words")
    assert wrong(program.ask("search/", q='"open'), 400) == ["q"]
    assert wrong(program.ask("search/"), 400) == ["q"]
    assert wrong(program.ask("search/", q="x", after="y"), 400) == ["after"]
    searched = AuditEvent.objects.filter(action="searched").latest("pk")
    assert searched.details["query"] == "plain"


def test_a_query_may_be_as_long_as_on_the_page(program: Program) -> None:
    """For searching, saving and freezing; one character more is refused by the field."""
    for more, status in (("", 201), ("s", 400)):
        query = "plain words".ljust(search.LONGEST_QUERY - 6, "s") + " OR s" + "s" + more
        assert len(query) == search.LONGEST_QUERY + len(more)
        assert program.ask("search/", q=query).status_code == (200 if status == 201 else 400)
        for place in ("searches/", "lists/"):
            answer = program.change(place, {"name": "Long", "query": query}, once=place[0] + more)
            assert answer.status_code == status
            assert status == 201 or wrong(answer, 400) == ["query"]


def test_a_search_says_up_to_when_it_is_complete(program: Program, session: Session, ines: User) -> None:
    """The leaf and the time, what waits, and the files not read; a token of a matter learns what is the matter's."""
    before = timezone.now().replace(second=0, microsecond=0)
    found = program.get("search/", q="plain")
    assert (found["complete_to"], found["pending"], found["days_at_fault"]) == (
        IndexState.objects.get().complete_to,
        0,
        0,
    )
    assert before <= datetime.fromisoformat(found["complete_at"]) <= timezone.now()
    assert (found["files_unread"], found["files_unreadable"]) == (Attachment.objects.count(), 0)
    world.captured(session.windows.get(), [scenes.said("plain and late", id="late", minute=999)])
    found = program.get("search/", q="plain")
    assert (found["pending"], datetime.fromisoformat(found["complete_at"])) == (1, scenes.NOW)
    matter = cast.let_into(ines, Session.objects.exclude(pk=session.pk)[0])
    of_matter = Program(
        ines, frozenset({Action.SEARCH, Action.READ_MESSAGES, Action.SEE_MATTER}), [matter.pk]
    )
    found = of_matter.get("search/", q="plain")
    assert [found[name] for name in ("complete_to", "complete_at", "pending", "days_at_fault")] == [None] * 4
    assert (found["files_unread"], found["files_unreadable"]) == (0, 0)


def test_a_search_is_saved_run_and_removed_once(program: Program, ines: User) -> None:
    """However often the program sends it."""
    body = {"name": "Plain", "query": "plain", "shared": True}
    first, again = program.change("searches/", body), program.change("searches/", body)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    kept = SavedSearch.objects.get()
    assert (first.json()["found"], first.json()["last"]["state"]) == (14, "done")
    assert program.get("searches/")["items"] == [first.json()]
    results = program.get(f"searches/{kept.pk}/")
    assert (results["part"], results["counts"]["all"], len(results["items"])) == ("all", 14, 14)
    assert program.change(f"searches/{kept.pk}/runs/", once="b").status_code == 201
    assert MessageList.objects.filter(search=kept).count() == 2
    assert program.get(f"searches/{kept.pk}/")["part"] == "new"
    assert program.change(f"searches/{kept.pk}/", once="c", method="DELETE").status_code == 204
    assert program.change(f"searches/{kept.pk}/", once="c", method="DELETE").status_code == 204
    assert program.get("searches/")["items"] == []


def test_a_change_needs_a_key_of_its_own(program: Program) -> None:
    """None, one that is none, and one that was used for something else are refused, and nothing is done."""
    body = {"name": "Plain", "query": "plain"}
    for key in ("", "two words", "x" * 201):
        assert wrong(program.change("searches/", body, once=key), 400) == ["Idempotency-Key"]
    program.change("searches/", body)
    wrong(program.change("searches/", {**body, "name": "Other"}), 422)
    assert SavedSearch.objects.count() == TokenAnswer.objects.count() == 1


def test_a_change_that_went_wrong_can_be_asked_again(program: Program, ines: User) -> None:
    """Its key is free again; what was refused is in the trail all the same, though everything else was taken back."""
    assert wrong(program.change("searches/", {"name": "Plain", "query": '"open'}), 400) == ["query"]
    assert wrong(program.change("searches/", {"name": "Plain", "query": "plain", "colour": "red"}), 400) == [
        "colour"
    ]
    assert wrong(program.change("searches/", ["plain"]), 400) == ["body"]
    assert program.change("searches/", {"name": "Plain", "query": "plain"}).status_code == 201
    wrong(program.change("searches/", {"name": "Plain", "query": "plain"}, once="b"), 409)
    little = Program(ines, frozenset({Action.SEARCH}))
    wrong(little.change("searches/", {"name": "Mine", "query": "plain"}), 403)
    refused = AuditEvent.objects.filter(action="refused").latest("pk")
    assert refused.details["wanted"] == "POST /api/v1/searches/"


def test_a_list_is_frozen_and_taken(program: Program) -> None:
    """Its digest is over exactly the bytes that are taken."""
    made = program.change("lists/", {"name": "Board", "query": "plain"}).json()
    assert (made["state"], made["count"]) == ("done", 14)
    seen = program.get(f"lists/{made['id']}/")
    taken = b"".join(program.ask(f"lists/{made['id']}/ids/").streaming_content)
    assert hashlib.sha256(taken).hexdigest() == seen["sha256"]
    assert [one["message_id"] for one in seen["items"]] == [int(one) for one in taken.split()]
    assert program.get("lists/")["total"] == 1


def test_a_matter_is_opened_and_holds_more_people(program: Program, session: Session, ines: User) -> None:
    """Once for each key; who holds whom is there to be read."""
    one, other = (member["id"] for member in program.get("people/")["items"][:2])
    body = {"account_id": session.account_id, "name": "Inquiry", "reason": "A letter", "person_ids": [one]}
    made, again = program.change("matters/", body), program.change("matters/", body)
    assert (made.status_code, made.json()) == (201, again.json())
    key = Matter.objects.get().pk
    more = program.change(f"matters/{key}/custodians/", {"person_ids": [other]}, once="b")
    assert {held["person_id"] for held in more.json()["custodians"]} == {one, other}
    wrong(program.change(f"matters/{key}/custodians/", {"person_ids": [other]}, once="c"), 409)
    assert Custodian.objects.count() == 2
    assert wrong(program.change("matters/", {**body, "person_ids": [0]}, once="d"), 400) == ["person_ids.0"]
    held = program.every("holds/", limit=1)
    assert [(one["matter_id"], one["released_at"]) for one in held] == [(key, None)] * 2
    assert program.get("holds/", released="true")["items"] == []
    assert program.get("holds/", matter=key)["total"] == 2


def test_a_matter_holds_conversations_too(program: Program, session: Session, ines: User) -> None:
    """With or without people; for the matter's days or days of their own; never both without anything."""
    body = {"account_id": session.account_id, "name": "Inquiry", "reason": "A letter"}
    wrong(program.change("matters/", body), 409)
    body |= {"session_ids": [session.pk], "days": {"since": "2026-11-02"}}
    made = program.change("matters/", body, once="b").json()
    held = made["conversations"][0]
    assert (held["session_id"], held["name"], held["since"], held["until"], held["released_at"]) == (
        session.pk, "general", "2026-11-02", None, None,
    )  # fmt: skip
    address, more = f"matters/{made['id']}/conversations/", {"session_ids": [session.pk]}
    assert len(program.change(address, more, once="c").json()["conversations"]) == 2
    wrong(program.change(address, more, once="d"), 409)
    assert wrong(program.change(address, {"session_ids": []}, once="e"), 400) == ["session_ids"]
    assert [one["session_id"] for one in program.get("holds/", matter=made["id"])["items"]] == [
        session.pk
    ] * 2
    line = program.get("matters/")["items"][0]
    assert (line["custodians"], line["conversations"]) == (0, 2)


def test_retention_and_dispositions(program: Program, ines: User) -> None:
    """As the pages have them."""
    rule, made = world.keeping_rule(), world.disposition()
    found = program.get("retention/archive-rules/")["items"]
    assert [(one["id"], one["amount"], one["unit"]) for one in found] == [(rule.pk, 84, "months")]
    assert program.get(f"retention/archive-rules/{rule.pk}/") == found[0]
    assert program.get("retention/archive-rules/", ended="true")["items"] == []
    assert program.get("retention/zoom-rules/")["items"] == []
    assert program.get("retention/channels/")["items"] == []
    assert program.get("dispositions/")["items"][0]["id"] == made.pk
    assert program.get(f"dispositions/{made.pk}/")["rules"] == []
    for form in ("certificate/", "certificate/pdf/"):
        wrong(program.ask(f"dispositions/{made.pk}/{form}"), 409)
    for address in (
        "retention/archive-rules/9/",
        "retention/zoom-rules/9/",
        "retention/channels/9/",
        "dispositions/9/",
    ):
        wrong(program.ask(address), 404)
    wrong(program.ask("dispositions/9/certificate/"), 404)


def test_a_disposition_says_who_approved_it_and_how_its_request_ended(program: Program, ines: User) -> None:
    """An auditor reads on one page who asked for the destruction, who agreed, and that it was called off."""
    samir, olga = second_officer(), third_officer()
    made = world.disposition()
    assert program.get("dispositions/")["items"][0]["request"] is None
    assert program.get(f"dispositions/{made.pk}/")["request"] is None
    asked = Asked.objects.create(
        kind="dispose", subject=f"disposition/{made.pk}", title="Dispose", items=[], digest="0" * 64, reason="It is due.",
        asked_by=ines, asked_by_name="Ines", asked_at=NOW, expires_at=NOW + timedelta(days=7), approvers=2,
    )  # fmt: skip
    for person, name, at in ((samir, "Samir", NOW), (olga, "Olga", NOW + timedelta(minutes=1))):
        asked.approvals.create(person=person, person_name=name, at=at, digest=asked.digest)
    (line,) = program.get("dispositions/")["items"]
    assert line["request"] == program.get(f"dispositions/{made.pk}/")["request"]
    assert line["request"] == {
        "id": asked.pk, "state": "asked", "asked_by_name": "Ines", "asked_at": "2026-11-20T08:00:00Z",
        "reason": "It is due.", "needs": 2, "runs_at": None, "ended_at": None, "ended_by_name": "", "ending": "",
        "approvals": [
            {"by_name": "Samir", "at": "2026-11-20T08:00:00Z"}, {"by_name": "Olga", "at": "2026-11-20T08:01:00Z"},
        ],
    }  # fmt: skip
    Asked.objects.filter(pk=asked.pk).update(
        state="withdrawn", ended_by=samir, ended_by_name="Samir", ended_at=NOW + timedelta(hours=1), ending="Too early."
    )  # fmt: skip
    (line,) = program.get("dispositions/")["items"]
    ended = {name: line["request"][name] for name in ("state", "ended_at", "ended_by_name", "ending")}
    assert ended == {
        "state": "withdrawn", "ended_at": "2026-11-20T09:00:00Z", "ended_by_name": "Samir", "ending": "Too early.",
    }  # fmt: skip
    assert line["state"] == "review"


def test_the_trail_is_read_in_days_of_utc_and_to_the_end(program: Program) -> None:
    """Each event once, although reading it adds to it; one with the proof of it."""
    for _ in range(5):
        program.get("me/")
    newest = program.get("audit/", limit=1)["items"][0]["id"]
    found = program.every("audit/", limit=4, action="used", subject="token/")
    mine = [one["id"] for one in found if one["id"] <= newest]
    assert len(set(mine)) == len(mine) >= 6
    assert mine == sorted(mine, reverse=True)
    one = program.get(f"audit/{newest}/")
    assert (
        hashlib.sha256(b"\x00" + base64.b64decode(one["proof"]["entry"])).hexdigest()
        == one["proof"]["leaf_hash"]
    )
    assert program.get("audit/", first_day="2999-01-01")["total"] == 0
    assert wrong(program.ask("audit/", action="danced"), 400) == ["action"]
    wrong(program.ask("audit/987654/"), 404)


def test_the_log_is_checked_from_the_answers_alone(program: Program) -> None:
    """Two checkpoints, a leaf in the newer, and that the newer begins with the older."""
    world.sign()
    old = program.get("log/")["newest"]
    program.get("me/")
    world.sign()
    log = program.get("log/")
    new = log["newest"]
    assert log["leaves"] > new["size"] > old["size"]
    assert new["note"].startswith(log["key"].split("+")[0])
    assert [one["size"] for one in program.every("log/checkpoints/", limit=1)] == [new["size"], old["size"]]
    assert program.get(f"log/checkpoints/{old['size']}/") == old
    leaf = program.get(f"log/leaves/{old['size'] - 1}/")
    path = program.get("log/inclusion/", index=leaf["index"])["hashes"]
    merkle.check_inclusion(
        leaf_hash=hashlib.sha256(b"\x00" + base64.b64decode(leaf["entry"])).digest(), index=leaf["index"],
        size=new["size"], proof=[bytes.fromhex(one) for one in path], root=bytes.fromhex(new["root"]),
    )  # fmt: skip
    path = program.get("log/consistency/", old=old["size"])["proof"]
    merkle.check_consistency(
        old=old["size"], old_root=bytes.fromhex(old["root"]), new=new["size"], new_root=bytes.fromhex(new["root"]),
        proof=[bytes.fromhex(one) for one in path],
    )  # fmt: skip
    for address in ("log/leaves/987654/", "log/checkpoints/987654/", "log/tiles/0/9/", "log/tiles/9/0/"):
        wrong(program.ask(address), 404)
    assert wrong(program.ask("log/inclusion/", index=987_654), 400) == ["index"]
    assert wrong(program.ask("log/consistency/", old=2, new=987_654), 400) == ["old"]


def test_a_full_tile_is_256_hashes(program: Program) -> None:
    """Of the leaves in order, never changed; its ETag says whether the program has it."""
    with transaction.atomic():
        for _ in range(256):
            audit.record(action=audit.Action.STARTED, subject="console", by=None, now=timezone.now())
    world.sign()
    answer = program.ask("log/tiles/0/0/")
    assert len(answer.content) == 256 * 32
    leaf = program.get("log/leaves/255/")
    assert answer.content[-32:].hex() == leaf["leaf_hash"]
    assert program.ask("log/tiles/0/0/", {"if-none-match": answer.headers["ETag"]}).status_code == 304


def test_a_reviewer_reads_what_their_matters_hold(session: Session, ravi: User) -> None:
    """And a refused look is in the trail."""
    program = Program(ravi, frozenset({Action.READ_MESSAGES, Action.SEARCH, Action.SEE_MATTER}))
    wrong(program.ask(f"sessions/{session.pk}/messages/"), 404)
    assert AuditEvent.objects.filter(action="refused", subject__startswith="token/").count() == 1
    assert program.get("search/", q="plain")["total"] == 0
    cast.let_into_everything(ravi)
    assert program.get("search/", q="plain")["total"] == 14
    assert len(program.every(f"sessions/{session.pk}/messages/")) > 7


def test_no_list_costs_more_for_longer_pages(
    program: Program, session: Session, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same number of queries for two rows and for all of them, within a budget."""
    # Otherwise one query more when a minute is over.
    monkeypatch.setattr(tokens, "USE_NOTED_EVERY", timedelta(days=1))
    cast.let_into_everything(ines)
    world.keep()
    session_id = session.pk
    for name in ("One", "Two", "Three"):
        program.change("searches/", {"name": name, "query": "plain"}, once=name)
        program.change("lists/", {"name": name, "query": "plain"}, once=f"list-{name}")
    budgets = {
        "accounts/": 15, "people/": 15, "sessions/": 20, f"sessions/{session_id}/messages/": 40, "search/?q=plain": 40,
        "searches/": 20, "lists/": 20, "matters/": 20, "holds/": 16, "audit/": 20, "dispositions/": 15,
        "retention/channels/": 15, "retention/archive-rules/": 16, "log/checkpoints/": 15,
    }  # fmt: skip
    for address, budget in budgets.items():
        mark = "&" if "?" in address else "?"
        costs = []
        for limit in (2, 2, 100):
            with CaptureQueriesContext(connection) as queries:
                assert program.ask(f"{address}{mark}limit={limit}").status_code == 200
            costs.append(len(queries))
        assert costs[1] == costs[2], (address, costs)
        assert costs[2] <= budget, (address, costs)


def test_an_export_is_asked_for_made_as_measured_and_taken(
    program: Program, session: Session, ines: User
) -> None:
    """Asked for once, measured by a worker, made by its digest, taken in two pieces that have its SHA-256."""
    matter, worker = cast.let_into_everything(ines), Worker()
    worker.at = timezone.now()
    body = {"kind": "matter", "key": matter.pk, "title": "For counsel", "reason": "The order of 9 February"}
    made, again = program.change("exports/", body), program.change("exports/", body)
    assert (made.status_code, made.json()) == (201, again.json())
    address = f"exports/{made.json()['id']}/"
    assert program.get(address)["state"] == "measuring"
    wrong(program.ask(f"{address}parts/1/"), 404)
    worker.work()
    measured = program.get(address)
    assert (measured["state"], measured["needs_approval"]) == ("measured", False)
    wrong(program.change(f"{address}make/", {"digest": "0" * 64}, once="b"), 409)
    assert program.change(f"{address}make/", {"digest": measured["digest"]}, once="c").status_code == 202
    worker.work()
    ready = program.get(address)
    assert (ready["state"], ready["contents"]) == ("ready", measured["contents"])
    for part in ready["parts"]:
        place, size = f"{address}parts/{part['number']}/", part["size_bytes"]
        first = b"".join(program.ask(place, {"range": f"bytes=0-{size // 2}"}).streaming_content)
        rest = program.ask(place, {"range": f"bytes={len(first)}-", "if-range": f'"{part["sha256"]}"'})
        assert rest.status_code == 206
        whole = first + b"".join(rest.streaming_content)
        assert (len(whole), hashlib.sha256(whole).hexdigest()) == (size, part["sha256"])
        assert program.ask(place, {"if-none-match": f'"{part["sha256"]}"'}).status_code == 304
    downloads = AuditEvent.objects.filter(action="downloaded", subject=f"export/{made.json()['id']}")
    assert downloads.count() == 2
    assert program.get("exports/", state="ready")["total"] == 1


def test_an_export_that_makes_no_sense_names_the_field(
    program: Program, session: Session, ines: User
) -> None:
    """And nothing is asked for; one that is not wanted is cancelled."""
    cast.let_into_everything(ines)
    body = {"kind": "session", "key": session.pk, "title": "Days", "reason": "A letter"}
    days = {"first": "2026-11-01", "last": "2026-11-30"}
    turned = {"first": "2026-11-30", "last": "2026-11-01"}
    assert wrong(program.change("exports/", body), 400) == ["first"]
    assert wrong(program.change("exports/", {**body, **days, "zone": "Mars/Base"}), 400) == ["zone"]
    assert wrong(program.change("exports/", {**body, **turned}), 400) == ["last"]
    assert wrong(program.change("exports/", {**body, **days, "formats": ["doc"]}), 400) == ["formats.0"]
    wrong(program.change("exports/", {**body, **days, "key": 987_654}), 404)
    made = program.change("exports/", {**body, **days}).json()
    cancelled = program.change(f"exports/{made['id']}/", once="b", method="DELETE")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
