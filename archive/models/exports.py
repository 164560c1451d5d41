"""What an export has chosen, and what it says of things that change, kept as they were when it was first measured.

Working tables of `archive.packages`: an export itself is a row of whoever asked for it, which names it by a number.
Nothing here says what anybody said, nor what a file is called: destruction need not look here.
"""

from django.db import models


class ExportItem(models.Model):
    """A message that an export has chosen. The key is the order in which a package has its messages."""

    pk = models.CompositePrimaryKey("export_id", "session_id", "sent_at", "message_id")
    export_id = models.BigIntegerField()
    session_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    message_id = models.BigIntegerField()


class ExportFile(models.Model):
    """A file on a chosen message, and how far it was fetched when the export was first measured."""

    pk = models.CompositePrimaryKey("export_id", "attachment_id")
    export_id = models.BigIntegerField()
    attachment_id = models.BigIntegerField()
    blob_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["export_id", "blob_id"], name="export_file_blob")]


class ExportFact(models.Model):
    """A session or a person as the archive knew them when the export was first measured; `value` is of `facts`."""

    pk = models.CompositePrimaryKey("export_id", "kind", "key")
    export_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    key = models.BigIntegerField()
    value = models.JSONField()


class ExportRecord(models.Model):
    """A record of an export, by its place in the log; `subject_id` is the row that the leaf of that kind is about."""

    pk = models.CompositePrimaryKey("export_id", "leaf")
    export_id = models.BigIntegerField()
    leaf = models.BigIntegerField()
    kind = models.SmallIntegerField()
    subject_id = models.BigIntegerField()
