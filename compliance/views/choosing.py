"""Choosing people in a form: by name as one types, from a pasted list, a department, a channel or a group.

The form itself remembers who was chosen, as ticked boxes, and by what group each came, so that nothing is kept between two
requests and every step works without a script. What the form says of groups is looked up again, never believed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.http import HttpRequest

from archive import candidates
from archive.candidates import Candidate, Group
from compliance import opening, visitors

T = TypeVar("T")

LONGEST_PASTE = 100_000
"""Characters of a pasted list; of any script, they fit into what a form may send."""
MOST = opening.MOST_CUSTODIANS


@dataclass(frozen=True)
class Chosen:
    """Who is chosen, who was found besides, and what of a pasted list meant nobody or several people.

    `kept` are those who were ticked among the found, now or under other words; the form chooses them once it is sent.
    `refusal` says why a whole step added nobody. `ways` are what people were picked by (`group:12`), `origins` the same
    in words, both by person.
    """

    people: list[Candidate]
    found: list[Candidate]
    problems: list[str]
    refusal: str = ""
    channels: tuple[tuple[int, str], ...] | None = None
    groups: tuple[Group, ...] | None = None
    looked_for: str = ""
    kept: tuple[Candidate, ...] = ()
    ways: Mapping[int, str] = field(default_factory=dict)
    origins: Mapping[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[Candidate, str, str]]:
        """Each who is chosen, by what, and that in words."""
        return [
            (one, self.ways.get(one.person_id, ""), self.origins.get(one.person_id, ""))
            for one in self.people
        ]

    @property
    def offered(self) -> list[tuple[Candidate, bool]]:
        """Whom the boxes below the search are of, and whether each is ticked: no tick is lost to other words."""
        return boxes(self.kept, self.found)


NOBODY = Chosen([], [], [])


def boxes(kept: Sequence[T], found: Sequence[T]) -> list[tuple[T, bool]]:
    """What was ticked under other words, and then what was found, each with whether it is ticked."""
    ticked, there = set(kept), set(found)
    return [(one, True) for one in kept if one not in there] + [(one, one in ticked) for one in found]


def chosen(request: HttpRequest, *, account_id: int | None) -> Chosen:
    """What a form's boxes say, and what its buttons `find`, `paste`, `department`, `channels`, `groups` and the like add."""
    if request.method != "POST" or account_id is None:
        return NOBODY
    ticked = candidates.of(visitors.numbers(request, "person", most=MOST + 1), account_id=account_id)
    made = _pressed(request, Chosen(ticked, [], [], ways=_ways(request)), account_id)
    there = {one.person_id for one in made.people}
    ways = {person_id: way for person_id, way in made.ways.items() if person_id in there}
    return replace(made, ways=ways, origins=candidates.came_by(ways, account_id=account_id))


def _pressed(request: HttpRequest, so_far: Chosen, account_id: int) -> Chosen:
    button, _, of = request.POST.get("do", "").partition(":")
    key = int(of) if of.isascii() and of.isdigit() and len(of) < 19 else None
    if button == "find":
        return replace(found(request), people=so_far.people, ways=so_far.ways)
    if button == "paste":
        return _pasted(request, so_far, account_id)
    if button == "department":
        wanted = request.POST.get("department", "").replace("\x00", "")
        more = candidates.in_department(wanted, account_id=account_id) if wanted else []
        return _with(so_far, more, "department")
    if button == "channels":
        words = request.POST.get("channel_named", "")
        return replace(so_far, channels=tuple(candidates.channels(words, account_id=account_id)))
    if button == "channel" and key is not None:
        return _with(so_far, candidates.in_session(key, account_id=account_id), f"session:{key}")
    if button == "groups":
        words = request.POST.get("group_named", "")[:200]
        return replace(so_far, groups=tuple(candidates.groups(words, account_id=account_id)))
    if button == "group" and key is not None:
        return _with(so_far, candidates.in_group(key, account_id=account_id), f"group:{key}")
    return so_far


def _pasted(request: HttpRequest, so_far: Chosen, account_id: int) -> Chosen:
    pasted = request.POST.get("pasted", "")
    if len(pasted) > LONGEST_PASTE:
        said = f"The list has {len(pasted):,} characters, so nobody of it was added."
        return replace(so_far, refusal=f"{said} Paste at most {LONGEST_PASTE:,} at a time.")
    lines = pasted.replace(";", "\n").replace(",", "\n").splitlines()
    roll = candidates.called(lines, account_id=account_id)
    problems = [f"{line}: nobody of this name or address is known." for line in roll.unknown]
    problems += [f"{line}: several people are called so; find them by address." for line in roll.ambiguous]
    made = _with(so_far, list(roll.found), "")
    return made if made.refusal else replace(made, problems=problems)


def _ways(request: HttpRequest) -> dict[int, str]:
    """What the form remembers: `12:group:3` for whoever was picked by a group."""
    ways: dict[int, str] = {}
    for given in request.POST.getlist("way")[: MOST + 1]:
        person_id, _, way = given.partition(":")
        if person_id.isascii() and person_id.isdigit() and len(person_id) < 19:
            ways[int(person_id)] = way[:40]
    return ways


def found(request: HttpRequest) -> Chosen:
    """Who is called as the form or the address says; whoever is ticked in the form is chosen, in the address kept."""
    given = request.POST if request.method == "POST" else request.GET
    words = given.get("find", "")[:200]
    known = candidates.accounts()
    asked = given.get("account", "")
    account_id = next((pk for pk, _ in known if str(pk) == asked), known[0][0] if known else None)
    if account_id is None:
        return NOBODY
    named, ticked = candidates.named(words, account_id=account_id), list[Candidate]()
    if request.method != "POST":
        ticked = candidates.of(visitors.numbers(request, "person", most=MOST + 1), account_id=account_id)
    return Chosen([], named, [], looked_for=words, kept=tuple(ticked))


def departments(account_id: int | None) -> list[tuple[str, int]]:
    return [] if account_id is None else candidates.departments(account_id=account_id)


def _with(so_far: Chosen, more: list[Candidate], way: str) -> Chosen:
    """More people, and by what they came; whoever was chosen before stays as they were."""
    there = {one.person_id for one in so_far.people}
    fresh = [one for one in more if one.person_id not in there]
    if (many := len(there) + len(fresh)) > MOST:
        said = f"With these there would be {many:,} people, so nobody was added."
        return replace(so_far, refusal=f"{said} A matter takes {MOST:,} at once.")
    ways = dict(so_far.ways) | {one.person_id: way for one in fresh if way != ""}
    return replace(so_far, people=so_far.people + fresh, ways=ways)
