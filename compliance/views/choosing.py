"""Choosing people in a form: by name as one types, from a pasted list, a department or a channel.

The form itself remembers who was chosen, as ticked boxes, so that nothing is kept between two requests and every step
works without a script.
"""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from archive import candidates
from archive.candidates import Candidate
from compliance import visitors

LONGEST_PASTE = 100_000
MOST = 5_000


@dataclass(frozen=True)
class Chosen:
    """Who is chosen, who was found besides, and what of a pasted list meant nobody or several people."""

    people: list[Candidate]
    found: list[Candidate]
    problems: list[str]
    channels: tuple[tuple[int, str], ...] = ()
    looked_for: str = ""


def chosen(request: HttpRequest, *, account_id: int | None) -> Chosen:
    """What a form's boxes say, and what its buttons `find`, `paste`, `department`, `channels` and `channel` add."""
    if request.method != "POST" or account_id is None:
        return Chosen([], [], [])
    ticked = candidates.of(visitors.numbers(request, "person", most=MOST + 1), account_id=account_id)
    so_far = Chosen(ticked, [], [])
    button, _, of = request.POST.get("do", "").partition(":")
    if button == "find":
        return replace(found(request), people=ticked)
    if button == "paste":
        pasted = request.POST.get("pasted", "")[:LONGEST_PASTE].replace(";", "\n").replace(",", "\n")
        roll = candidates.called(pasted.splitlines(), account_id=account_id)
        problems = [f"{line}: nobody of this name or address is known." for line in roll.unknown]
        problems += [
            f"{line}: several people are called so; find them by address." for line in roll.ambiguous
        ]
        return replace(so_far, people=_together(ticked, list(roll.found)), problems=problems)
    if button == "department":
        wanted = request.POST.get("department", "").replace("\x00", "")
        more = candidates.in_department(wanted, account_id=account_id) if wanted else []
        return replace(so_far, people=_together(ticked, more))
    if button == "channels":
        words = request.POST.get("channel_named", "")
        return replace(so_far, channels=tuple(candidates.channels(words, account_id=account_id)))
    if button == "channel" and of.isascii() and of.isdigit() and len(of) < 19:
        return replace(
            so_far, people=_together(ticked, candidates.in_session(int(of), account_id=account_id))
        )
    return so_far


def found(request: HttpRequest) -> Chosen:
    """Who is called as the form or the address says."""
    given = request.POST if request.method == "POST" else request.GET
    words = given.get("find", "")[:200]
    known = candidates.accounts()
    asked = given.get("account", "")
    account_id = next((pk for pk, _ in known if str(pk) == asked), known[0][0] if known else None)
    if account_id is None:
        return Chosen([], [], [])
    return Chosen([], candidates.named(words, account_id=account_id), [], looked_for=words)


def departments(account_id: int | None) -> list[tuple[str, int]]:
    return [] if account_id is None else candidates.departments(account_id=account_id)


def _together(first: list[Candidate], more: list[Candidate]) -> list[Candidate]:
    there = {one.person_id for one in first}
    return first + [one for one in more if one.person_id not in there]
