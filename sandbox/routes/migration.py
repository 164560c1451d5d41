"""Tag Chat Migration: channels, members, messages and reactions from elsewhere, and what became of them.

At the service all but the two look-ups are locked until its support unlocks them; here they are open.
`/_sandbox/migration` is not part of the API: it tells the ids elsewhere, and takes those of the migration app.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import asked, backlog, keepsakes, migration, talks, wire
from sandbox.conversations import Channel
from sandbox.gate import Call, route
from sandbox.migrated import Migrated, Workspace
from sandbox.people import Person
from sandbox.routes.migration_shapes import (
    ChannelOrigins,
    Event,
    Member,
    Message,
    Messages,
    NewChannel,
    NewMembers,
    Reaction,
    Reactions,
    Target,
    UserOrigins,
)
from sandbox.wire import Refusal
from sandbox.world import Unknown, World

_IDS = 20


class Record(msgspec.Struct):
    """What the migration app knows of a workspace."""

    team_id: str
    channels: dict[str, str] = {}
    users: dict[str, str] = {}


async def channel(call: Call) -> Response:
    """A channel as it was, with its owner, members and moment."""
    _check_open(call, "migrate a channel")
    given = await asked.body(call, NewChannel)
    owner = _inside(call.world, call.path("identifier"))
    member_ids, admin_ids = _named(call.world, given.members)
    made = migration.make_channel(
        call.world,
        owner_id=owner.id,
        name=given.name,
        type=given.type,
        member_ids=member_ids,
        admin_ids=admin_ids,
        created_at=round(given.created_time.timestamp() * 1000),
        at=call.instance.clock.now_ms(),
    )
    return wire.reply({"id": made}, status=201)


async def members(call: Call) -> Response:
    """More people for a migrated channel."""
    _check_open(call, "add members to the migrated channel")
    given = await asked.body(call, NewMembers)
    found = _channel(call.world, call.path("channelId"))
    if found.session_id not in call.world.migrated.session_ids:
        raise Refusal(403, 403, "No permission to access this channel.")
    member_ids, admin_ids = _named(call.world, given.members)
    migration.add_members(
        call.world,
        channel_id=found.id,
        member_ids=member_ids,
        admin_ids=admin_ids,
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


async def messages(call: Call) -> Response:
    """What was said, each at its own moment."""
    _check_open(call, "add messages")
    given = await asked.body(call, Messages)
    bundle = [msgspec.to_builtins(_said(call.world, one)) for one in given.messages]
    ids = backlog.say(call.world, messages=bundle, at=call.instance.clock.now_ms())
    return wire.reply({"ids": ids}, status=201)


async def reactions(call: Call) -> Response:
    """What migrated messages got."""
    _check_open(call, "add emoji reactions")
    given = await asked.body(call, Reactions)
    found = [one for reaction in given.reactions for one in _reacted(call.world, reaction)]
    backlog.react(
        call.world,
        reactions=[msgspec.to_builtins(one) for one in found],
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


async def events(call: Call) -> Response:
    """A star on a migrated conversation."""
    _check_open(call, "star sessions")
    given = await asked.body(call, Event)
    person = _inside(call.world, call.path("identifier"))
    if len(given.params) > 1:
        raise Refusal(400, 5301, "Request to star sessions failed.")
    kind, target_id = given.params[0].target_type, _target(call.world, person, given.params[0])
    keepsakes.star(call.world, by=person.id, kind=kind, target_id=target_id, at=call.instance.clock.now_ms())
    return Response(status_code=204)


async def channel_mapping(call: Call) -> Response:
    """Which channels here were which there."""
    given = asked.query(call, ChannelOrigins)
    ids = asked.names(given.origin_channel_ids, parameter="origin_channel_ids", most=_IDS)
    workspace = call.world.migrated.workspaces.get(given.origin_team_id)
    if workspace is None:
        raise Refusal(404, 5801, "Migrated team ID does not exist.")
    return _mappings(ids, workspace.channels, names=("origin_channel_id", "zm_channel_id"))


async def user_mapping(call: Call) -> Response:
    """Who here was who there, in one workspace or in any."""
    given = asked.query(call, UserOrigins)
    ids = asked.names(given.origin_user_ids, parameter="origin_user_ids", most=_IDS)
    people: dict[str, str] = {}
    for team_id, workspace in call.world.migrated.workspaces.items():
        if given.origin_team_id in (None, team_id):
            people.update(workspace.people)
    return _mappings(ids, people, names=("origin_user_id", "zm_user_id"))


async def control(request: Request) -> Response:
    """The ids elsewhere (GET); more of them, as the migration app has them (POST)."""
    world: World = request.app.state.instance.world
    if request.method == "POST":
        try:
            given = msgspec.json.decode(await request.body(), type=Record)
            channels = {there: _channel(world, here).id for there, here in given.channels.items()}
            people = {there: _inside(world, here).id for there, here in given.users.items()}
        except (Unknown, Refusal, msgspec.MsgspecError) as error:
            return Refusal(400, 400, str(error)).reply()
        migration.record(world, team_id=given.team_id, channels=channels, people=people)
    return wire.reply(_told(world.migrated))


def _told(migrated: Migrated) -> dict[str, object]:
    def shown(one: Workspace) -> dict[str, object]:
        return {"channels": one.channels, "users": one.people}

    return {"teams": {team_id: shown(one) for team_id, one in migrated.workspaces.items()}}


def _mappings(ids: list[str], known: dict[str, str], *, names: tuple[str, str]) -> Response:
    wanted = list(dict.fromkeys(ids))
    found = [{names[0]: one, names[1]: known[one]} for one in wanted if one in known]
    return wire.reply(
        {
            "mappings_found": len(found),
            "mappings_not_found": len(wanted) - len(found),
            "mappings": found,
        }
    )


def _said(world: World, one: Message) -> backlog.Said:
    return backlog.Said(
        sender_id=world.person(one.sender).id,
        at_ms=one.message_timestamp,
        text=one.message,
        channel_id=None if one.to_channel is None else _channel(world, one.to_channel).id,
        contact_id=None if one.to_contact is None else world.person(one.to_contact).id,
        file_ids=one.file_ids,
        main_id=one.reply_main_message_id,
        main_at=one.reply_main_message_timestamp,
    )


def _reacted(world: World, one: Reaction) -> list[backlog.Reacted]:
    if one.to_channel is not None:
        sessions = [world.sessions[_channel(world, one.to_channel).session_id]]
    else:
        sessions = backlog.talks_of(world, world.person(one.to_contact or ""))
    message = backlog.message(sessions, id=one.message_id, at_ms=one.message_timestamp)
    session = world.sessions[message.session_id]
    chosen = [
        (backlog.emoji(given.emoji), [world.person(who).id for who in given.user_identifier])
        for given in one.emojis
    ]
    within = all(set(people) <= set(session.member_ids) for _, people in chosen)
    if not within or session.id not in world.migrated.session_ids:
        raise Refusal(403, 403, "No permission to access this channel or contact.")
    return [
        backlog.Reacted(session_id=session.id, message_id=message.id, emoji=emoji, person_ids=people)
        for emoji, people in chosen
    ]


def _target(world: World, person: Person, target: Target) -> str:
    """The channel or the person to star, if the person is in a migrated conversation with it."""
    if target.target_type == "channel":
        channel = _channel(world, target.target_id)
        target_id, session = channel.id, world.sessions.get(channel.session_id)
    else:
        other = world.person(target.target_id)
        target_id, session = other.id, talks.found(world, person, other)
    is_migrated = session is not None and session.id in world.migrated.session_ids
    if session is None or not is_migrated or person.id not in session.member_ids:
        raise Refusal(403, 403, "No permission to access this channel.")
    return target_id


def _check_open(call: Call, what: str) -> None:
    """Nothing can be added to a world that is computed."""
    if call.instance.is_computed:
        raise Refusal(400, 5301, f"Request to {what} failed.")


def _named(world: World, members: list[Member]) -> tuple[list[str], list[str]]:
    """The people of a list, and which of them are to be administrators."""
    people = [(world.person(one.identifier).id, one.role) for one in members]
    return [id for id, _ in people], [id for id, role in people if role == "admin"]


def _channel(world: World, id: str) -> Channel:
    found = world.channels.get(id)
    if found is None or found.deleted_at is not None:
        raise Refusal(404, 4130, f"Channel does not exist: {id}.")
    return found


def _inside(world: World, identifier: str) -> Person:
    person = world.person(identifier)
    if person.external:
        raise Unknown(identifier)
    return person


ROUTES = [
    route("MigrateAChatChannel", channel),
    route("MigrateChannelMembers", members),
    route("MigrateChatMessages", messages),
    route("MigrateChatMessageReactions", reactions),
    route("Migrate1:1ConversationOrChannelOperations", events),
    route("getMigrationChannelsMapping", channel_mapping),
    route("getMigrationUsersMapping", user_mapping),
    Route("/_sandbox/migration", control, methods=["GET", "POST"]),
]
