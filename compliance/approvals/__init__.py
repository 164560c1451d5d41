"""Requests that need a second person, or several: asked by one, decided by others, carried out after a while.

Promises: nobody approves their own, or twice, here and in the database; what is approved is exactly what was asked for, bound by
a SHA-256 over the items; what is carried out is what was approved, because the items are worked out again when it is
approved and once more, under locks, when it runs: a digest that differs ends the request as overtaken, in words. A
request expires, cools off after its approval, and can be withdrawn until it runs. Each step is one transaction with
its audit event (subject `request/N`, with the digest). Being carried out is one transaction too: the deed, the state
and the event are there together or not at all.

For who writes a service with such a deed:

1. Describe the deed as a `Kind` (name, the actions of the matrix that asking and approving need, a function from
   subject and parameters to an `ItemSet`, one that locks, one that carries out, the words).
2. `register(kind)` it when Django starts, from `compliance.kinds`, which stands above the services.
3. Call `ask(kind="release-matter", subject="matter/12", parameters={}, reason=…, by=person, now=now)` where the deed
   used to be done at once; it returns the `Request`. Show what is open with `pending(subject="matter/12")`, and lead to
   its page at `/approvals/N/`.

A `NotThere` is a 404: no such request, or none that the person may see. An `Obstacle` is a sentence for the person.
`PermissionDenied` is raised, and recorded, where the matrix says no and where somebody decides their own.

An item set has to be the same for as long as the deed would be the same: put what moves by itself (messages that
arrive meanwhile) into `figures`, which are shown and not bound. A set too long to be read goes in as one item with its
count and its SHA-256.
"""

from compliance.approvals.asking import ask, withdraw
from compliance.approvals.counting import count_anew, stop_counting
from compliance.approvals.deciding import approve, refuse
from compliance.approvals.endings import nudge
from compliance.approvals.errors import NotThere, Obstacle
from compliance.approvals.figuring import count_next
from compliance.approvals.items import Awaited, Change, Item, ItemSet
from compliance.approvals.kinds import Kind, check_terms, register
from compliance.approvals.reading import (
    Page,
    Seen,
    Show,
    awaited,
    find,
    latest,
    number_waiting,
    of_kind,
    page,
    pending,
    seen,
    visible,
    waiting_for,
)
from compliance.approvals.running import carry_out_due

__all__ = [
    "Awaited",
    "Change",
    "Item",
    "ItemSet",
    "Kind",
    "NotThere",
    "Obstacle",
    "Page",
    "Seen",
    "Show",
    "approve",
    "ask",
    "awaited",
    "carry_out_due",
    "check_terms",
    "count_anew",
    "count_next",
    "find",
    "latest",
    "nudge",
    "number_waiting",
    "of_kind",
    "page",
    "pending",
    "refuse",
    "register",
    "seen",
    "stop_counting",
    "visible",
    "waiting_for",
    "withdraw",
]
