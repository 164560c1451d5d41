"""How the chat operations write a message down (the reports have their own way, see `reports.py`)."""

from urllib.parse import quote

from sandbox.clock import iso
from sandbox.conversations import Message
from sandbox.gate import Call
from sandbox.reports import file_row

Row = dict[str, object]
_TYPES = {
    "png": "png_image_file",
    "jpg": "jpg_image_file",
    "jpeg": "jpg_image_file",
    "gif": "gif_file",
    "wav": "audio_file",
    "mp3": "audio_file",
    "m4a": "audio_file",
    "mp4": "video_file",
}


def in_list(call: Call, message: Message, *, with_status: bool) -> Row:
    """A row of a person's messages."""
    row = {**_essence(call, message), **context(call, message)}
    if message.reactions:
        row["reactions"] = [
            {"emoji": emoji, "total_count": len(people), "senders": _senders(call, people)}
            for emoji, people in message.reactions.items()
        ]
    if with_status:
        edited = "Edited" if len(message.versions) > 1 else "Normal"
        row["status"] = edited if message.deleted_at is None else "Deleted"
    return row


def alone(call: Call, message: Message) -> Row:
    """One message by itself."""
    row = {**_essence(call, message), **context(call, message)}
    row["message_url"] = (
        f"https://zoom.example/launch/chat/v2/{quote(message.session_id)}/{quote(message.id)}"
    )
    if message.reactions:
        row["reactions"] = [
            {
                "emoji": emoji,
                "total_count": len(people),
                "user_ids": [one for one in people if not call.world.people[one].external],
                "member_ids": [call.world.people[one].member_id for one in people],
            }
            for emoji, people in message.reactions.items()
        ]
    return row


def context(call: Call, message: Message) -> Row:
    """What a message carries beside its text; what it does not carry is left out."""
    row: Row = {}
    if message.reply_to is not None:
        row["reply_main_message_id"], row["reply_main_message_timestamp"] = message.reply_to
    for name, value in (
        ("rich_text", message.rich_text),
        ("at_items", message.at_items),
        ("interactive_cards", message.cards),
        ("bot_message", message.bot_message),
    ):
        if value is not None:
            row[name] = value
    files = file_rows(call, message.file_ids)
    if files:
        row |= {**files[0], "files": files}
    return row


def in_thread(call: Call, message: Message, *, is_reply: bool, asked_by: str) -> Row:
    """A row of a thread, with what was asked for."""
    sender = call.world.people[message.sender_id]
    row: Row = {
        "msg_id": message.id,
        "message": message.text,
        "is_reply": is_reply,
        "timestamp": message.timestamp,
        "sender_user_id": sender.shown_id,
        "sender_email": sender.shown_email,
        "sender_member_id": sender.member_id,
        "sender_display_name": sender.display_name,
        "message_type": message_type(call, message),
    }
    for name, value in (("bot_message", message.bot_message), ("interactive_cards", message.cards)):
        if value is not None:
            row[name] = value
    if call.flag("need_emoji"):
        row["reactions"] = [
            {"emoji_id": emoji, "count": len(people), "is_sender": asked_by in people}
            for emoji, people in message.reactions.items()
        ]
    if call.flag("need_rich_text") and message.rich_text is not None:
        row["rich_text"] = message.rich_text
    if call.flag("need_at_items") and message.at_items is not None:
        row["at_items"] = message.at_items
    if call.flag("need_attachment"):
        row |= attached(call, message)
    return row


def attached(call: Call, message: Message) -> Row:
    """The files of a message, if it has any that are still there."""
    files = file_rows(call, message.file_ids)
    return {"files": files} if files else {}


def file_rows(call: Call, file_ids: list[str]) -> list[Row]:
    """Those of some files that are still there."""
    files = [call.instance.find_file(one) for one in file_ids]
    return [file_row(one, call.link) for one in files if one is not None]


def message_type(call: Call, message: Message) -> str:
    """What kind of message the API calls it."""
    if message.giphy_url is not None:
        return "giphy_file"
    if not message.file_ids:
        return "plain_text_message"
    if message.text:
        return "file_and_text"
    stored = call.world.files.get(message.file_ids[0])
    return "others" if stored is None else _TYPES.get(stored.extension.lower(), "others")


def _essence(call: Call, message: Message) -> Row:
    sender = call.world.people[message.sender_id]
    return {
        "id": message.id,
        "message": message.text,
        "message_type": message_type(call, message),
        "sender": sender.shown_email,
        "send_member_id": sender.member_id,
        "sender_display_name": sender.display_name,
        "date_time": iso(message.timestamp),
        "timestamp": message.timestamp,
    }


def _senders(call: Call, person_ids: list[str]) -> list[Row]:
    people = [call.world.people[one] for one in person_ids]
    return [{"user_id": one.shown_id, "member_id": one.member_id} for one in people]
