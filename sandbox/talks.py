"""Conversations of two: finding the one that is there, opening it when there is none, saying something in it."""

from sandbox.conversations import ONE_TO_ONE, Session
from sandbox.deeds import deed
from sandbox.people import Person
from sandbox.world import World


def found(world: World, one: Person, other: Person) -> Session | None:
    """The 1:1 session of two people, however it came about; None when they never talked."""
    pair = sorted((one.id, other.id))
    talks = (session for session in world.sessions.values() if session.type == ONE_TO_ONE)
    return next((session for session in talks if sorted(session.member_ids) == pair), None)


def between(world: World, one: Person, other: Person) -> Session:
    """The 1:1 session of two people, opened now if need be. Only for deeds: opening is not written down."""
    talk = found(world, one, other)
    return world.open_talk(one, other) if talk is None else talk


@deed
def say(world: World, *, by: str, to: str, text: str, at: int) -> str:
    """Somebody says something to somebody else; the message's id."""
    speaker, listener = world.people[by], world.people[to]
    return world.say(between(world, speaker, listener), speaker, text, at=at).id
