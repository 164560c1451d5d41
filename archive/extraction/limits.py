"""How much one file may cost. Every limit is a setting; reaching one is a named reason, never a crash."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    memory_bytes: int = 512 * 1024 * 1024
    """Address space of the child, so also what it can be made to allocate."""
    seconds: int = 60
    """Processor time of the child; it may last twice as long by the clock."""
    characters: int = 2_000_000
    """Text kept of one file; the rest is not read, and the file is listed."""
    unpacked_bytes: int = 256 * 1024 * 1024
    """Everything unpacked from one file, in all its depths together."""
    entries: int = 10_000
    """Files inside one file, in all its depths together."""
    depth: int = 5
    """Archives and mails inside each other."""
    ratio: int = 200
    """How many times its size an entry of more than a few megabytes may unpack to."""
