"""A conversation as people saw it: messages in order with every wording, their threads, reactions and files.

Readers return plain frozen values, never rows; the number of queries grows neither with the archive nor with the
page. Nothing is read outside the session asked for. Pages are read by key, so that messages captured meanwhile
neither repeat nor hide others. Whoever shows words to a person audits it first: nothing here checks who asks,
and nothing is recorded.
"""

from archive.transcript.conversation import Destroyed, Said, Transcript, between, message, within
from archive.transcript.extent import Extent, extent
from archive.transcript.files import File
from archive.transcript.forwards import Forwarded
from archive.transcript.positions import Position, position
from archive.transcript.reactions import Reacted
from archive.transcript.steps import Step
from archive.transcript.threads import Thread
from archive.transcript.wordings import Seen, State, Story, Wording, story

__all__ = [
    "Destroyed",
    "Extent",
    "File",
    "Forwarded",
    "Position",
    "Reacted",
    "Said",
    "Seen",
    "State",
    "Step",
    "Story",
    "Thread",
    "Transcript",
    "Wording",
    "between",
    "extent",
    "message",
    "position",
    "story",
    "within",
]
