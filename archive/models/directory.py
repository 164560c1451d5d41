"""Who speaks and where: people, sessions, channels, and what Zoom said of them when.

People, sessions and channels are projections: the newest we know, updated as we learn. What they are
projected from is evidence and stays: `Observation` keeps the exact bytes of every distinct state seen.
"""

from django.db import models

from archive.models.accounts import Account
from archive.models.names import index_of_words


class Person(models.Model):
    """Someone who speaks, inside or outside the account, found by member id, user id or e-mail."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="people")
    member_id = models.CharField(max_length=255, null=True)
    user_id = models.CharField(max_length=255, null=True)
    email = models.CharField(max_length=320, blank=True)
    display_name = models.CharField(max_length=500, blank=True, help_text="The newest name known.")
    is_external = models.BooleanField(null=True, help_text="None: unknown.")
    is_bot = models.BooleanField(default=False)
    department = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=255, blank=True)
    user_status = models.CharField(max_length=20, blank=True)
    named_at = models.DateTimeField(null=True, help_text="When the newest name was used.")

    class Meta:
        ordering = ["display_name", "id"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["account", "member_id"], name="person_member_id_once"),
            models.UniqueConstraint(fields=["account", "user_id"], name="person_user_id_once"),
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=models.Q(member_id=None, user_id=None) & ~models.Q(email=""),
                name="person_known_by_email_only_once",
            ),
            models.CheckConstraint(
                name="person_has_some_identity",
                condition=~models.Q(member_id=None, user_id=None, email=""),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "email"]),
            index_of_words("display_name", name="person_words"),
            index_of_words("email", name="person_email_words"),
        ]

    def __str__(self) -> str:
        return self.called(self.pk, self.display_name, self.email)

    @staticmethod
    def called(person_id: int, display_name: str, email: str) -> str:
        """What a person is called of whom these columns are known."""
        return display_name or email or f"person {person_id}"


class PersonName(models.Model):
    """A name a person had, from the first to the last message that carried it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=500)
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ["person", "first_used_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="person_name_once")]
        indexes = [index_of_words("name", name="person_name_words")]


class PersonAddress(models.Model):
    """An e-mail address that something Zoom sent gave a person, beside the newest one, which is the person's."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses", db_index=False)
    address = models.CharField(max_length=320)

    class Meta:
        ordering = ["person", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="person_address_once")]
        indexes = [index_of_words("address", name="person_address_words")]


class Session(models.Model):
    """One conversation, `Group` or `1:1`, as the newest sessions report described it."""

    class Type(models.TextChoices):
        GROUP = "Group", "Group"
        DIRECT = "1:1", "1:1"
        UNKNOWN = "", "Unknown"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sessions")
    zoom_id = models.CharField(max_length=255)
    type = models.CharField(max_length=10, choices=Type.choices, blank=True)
    name = models.CharField(max_length=1000, blank=True)
    channel_id = models.CharField(max_length=255, blank=True)
    status = models.CharField(
        max_length=20, blank=True, help_text="active, deleted, or empty when Zoom did not say."
    )
    has_external_member = models.BooleanField(null=True)
    last_message_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    members = models.ManyToManyField(Person, through="SessionMember", related_name="sessions")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "zoom_id"], name="session_once")]
        indexes = [
            models.Index(fields=["account", "channel_id"]),
            index_of_words("name", name="session_words"),
        ]

    def __str__(self) -> str:
        return self.called(self.pk, self.name)

    @staticmethod
    def called(session_id: int, name: str) -> str:
        """What a session is called of which these columns are known."""
        return name or f"session {session_id}"


class SessionName(models.Model):
    """A name that a session had, or its channel, before the one it has now. By Zoom's id of either."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    zoom_id = models.CharField(max_length=255, help_text="Of the session or of the channel.")
    name = models.CharField(max_length=1000)

    class Meta:
        ordering = ["account", "zoom_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "zoom_id", "name"], name="session_name_once")
        ]
        indexes = [index_of_words("name", name="session_name_words")]


class SessionMember(models.Model):
    """A person whom the sessions report, or the list of a channel's members, named as a member of a session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="session_member_once")]


class Channel(models.Model):
    """A Group session's channel as the channel operations describe it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="channels")
    zoom_id = models.CharField(max_length=255)
    name = models.CharField(max_length=1000, blank=True)
    type = models.SmallIntegerField(null=True)
    retention = models.JSONField(null=True, help_text="cloud_retention as last read; None: not read.")
    retention_read_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "zoom_id"], name="channel_once")]
        indexes = [index_of_words("name", name="channel_words")]

    def __str__(self) -> str:
        return self.name or self.zoom_id


class Membership(models.Model):
    """One join or leave of a channel: who could see it when.

    Zoom recorded it at that moment, or it was `noticed` then: the list of members did not name them any more.
    """

    class Action(models.TextChoices):
        JOINED = "joined", "joined"
        LEFT = "left", "left"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    action = models.CharField(max_length=10, choices=Action.choices)
    at = models.DateTimeField()
    operator = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    noticed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Missing in the list of members at that moment; left before.",
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "person", "action", "at"], name="membership_step_once")
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(noticed=True), name="membership_noticed"),
        ]


class Observation(models.Model):
    """Evidence: one observed state of anything Zoom described that is not a message."""

    class Kind(models.TextChoices):
        SESSION = "session", "session"
        CHANNEL = "channel", "channel"
        RETENTION = "retention", "channel retention"
        ADMINISTRATOR = "administrator", "channel administrator"
        MEMBER = "member", "channel member"
        ACTIVITY = "activity", "channel activity"
        CONTACT = "contact", "contact"
        EMOJI = "emoji", "custom emoji"
        FORWARD = "forward", "forwarded message"
        FILE = "file", "file information"
        MATTER = "matter", "legal hold matter"
        HOLD_FILE = "hold_file", "legal hold file"
        GROUP = "group", "group of people"
        GROUP_MEMBER = "group_member", "member of a group"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=255, help_text="Zoom's id of the thing described.")
    digest = models.BinaryField(
        max_length=32, help_text="SHA-256 of the canonical form; see archive.hashing."
    )
    raw = models.BinaryField(help_text="The exact bytes Zoom sent.")
    salt = models.BinaryField(max_length=16)
    observed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "subject", "digest"], name="observation_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
