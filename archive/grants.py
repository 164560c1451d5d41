"""What the application's database role may do with each table. Applied by the owner after every `migrate`.

Evidence: add and read. Leaves: read (they are added by the function `archive_append`, which numbers them). Tombstones:
read (they are added by the function `archive_destroy`, the one way in which anything goes).
Working tables: add, read, change; delete only where the product or a package it stands on needs it. A table
that is in none of the lists may only be read, so that a new table fails loudly instead of being writable by
accident; a test asks that every table is listed.

Runs as the owner of the tables; anyone else changes nothing.
"""

from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

ROLE = "holdfast_app"

READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
REPLACE = "SELECT, INSERT, DELETE"
DELETE = "SELECT, INSERT, UPDATE, DELETE"

EVIDENCE = {
    "archive_blob": ADD,
    "archive_certificate": ADD,
    "archive_checkpoint": ADD,
    "archive_holdreceipt": ADD,
    "archive_leaf": READ,
    "archive_message": ADD,
    "archive_observation": ADD,
    "archive_page": ADD,
    "archive_reading": ADD,
    "archive_revision": ADD,
    "archive_tile": ADD,
    "archive_tombstone": READ,
    "archive_unreadable": ADD,
    "archive_windowclosure": ADD,
    "archive_ziptombstone": READ,
    "compliance_auditevent": ADD,
}

WORKING = {
    "archive_account": CHANGE,
    "archive_attachment": CHANGE,
    "archive_blobremoval": CHANGE,  # the job that removes bytes; written by the function that destroys
    "archive_channel": CHANGE,
    "archive_daycount": CHANGE,
    "archive_dayindexed": DELETE,  # the index is dropped and rebuilt
    "archive_destroying": READ,  # which transaction destroys; written by the function that does
    "archive_exportfact": REPLACE,  # of an export that was given up
    "archive_exportfile": REPLACE,
    "archive_exportitem": REPLACE,
    "archive_exportrecord": REPLACE,
    "archive_extraction": DELETE,  # text derived from a blob goes when the blob goes
    "archive_forward": CHANGE,
    "archive_groupmember": CHANGE,
    "archive_holdcustodian": CHANGE,
    "archive_holdentry": DELETE,  # what was read inside a zip goes when the zip goes
    "archive_holdfile": CHANGE,
    "archive_holdpassage": DELETE,
    "archive_indexstate": DELETE,
    "archive_lookout": CHANGE,
    "archive_membership": CHANGE,
    "archive_peoplegroup": CHANGE,
    "archive_person": CHANGE,
    "archive_personaddress": ADD,
    "archive_personname": CHANGE,
    "archive_reportcount": DELETE,  # counted again, and derived anyway
    "archive_reportfile": DELETE,
    "archive_reportslot": DELETE,
    "archive_reportstate": DELETE,
    "archive_run": CHANGE,
    "archive_session": CHANGE,
    "archive_sessionmember": CHANGE,
    "archive_sessionname": ADD,
    "archive_sighting": ADD,  # what a setting was stays
    "archive_window": CHANGE,
    "compliance_approval": ADD,  # somebody's word is given once
    "compliance_channelsetting": CHANGE,  # worked out anew again and again
    "compliance_confirmation": ADD,
    "compliance_custodian": CHANGE,  # triggers guard what was written of them; only their end is added
    "compliance_disposition": CHANGE,  # triggers guard what was gathered and how it ended
    "compliance_dispositionpart": DELETE,  # only while it is being put together
    "compliance_dispositionzip": DELETE,  # only while it is being put together
    "compliance_erasure": CHANGE,  # triggers guard what was asked; where it stands is added
    "compliance_errand": CHANGE,
    "compliance_export": CHANGE,  # triggers guard what was asked, measured and made
    "compliance_finding": CHANGE,  # triggers guard what was found and what was written of it
    "compliance_formername": ADD,
    "compliance_hold": CHANGE,
    "compliance_holdhealth": CHANGE,
    "compliance_keepingrule": CHANGE,  # triggers guard what it says; only its end is added
    "compliance_listpart": REPLACE,  # a job that begins again, and runs whose ids are no longer compared
    "compliance_losscount": CHANGE,
    "compliance_matter": CHANGE,
    "compliance_mattermember": CHANGE,
    "compliance_messagelist": CHANGE,  # triggers guard what is frozen
    "compliance_note": ADD,  # a change is a new version
    "compliance_request": CHANGE,  # triggers guard what was asked, who decided and how it ended
    "compliance_requestcount": CHANGE,
    "compliance_notice": CHANGE,  # triggers guard the text, and what has happened to it
    "compliance_noticeplan": CHANGE,
    "compliance_preservedcount": CHANGE,
    "compliance_preservedpart": DELETE,  # counted again, and derived anyway
    "compliance_reconciledsession": REPLACE,  # a job that begins again; triggers guard those of a run that is done
    "compliance_reconciliation": CHANGE,
    "compliance_reconciliation_recipients": REPLACE,
    "compliance_reconciliationrun": CHANGE,  # triggers guard one that is done
    "compliance_retentionitem": CHANGE,  # triggers guard what was planned
    "compliance_retentionplan": CHANGE,
    "compliance_retentionrule": CHANGE,  # triggers guard what it says; its end is added once
    "compliance_savedsearch": CHANGE,
    "compliance_superior": ADD,
    "compliance_tag": CHANGE,
    "compliance_tagmark": REPLACE,  # a tag is taken off
    "compliance_takenout": ADD,
    "compliance_wording": CHANGE,  # triggers guard the text; approval is added once
    "compliance_zoommatter": CHANGE,
    "compliance_zoommatter_custodians": ADD,
    "compliance_zoomrename": CHANGE,
    "compliance_told": CHANGE,
    "compliance_tokenanswer": ADD,
    "compliance_token": CHANGE,  # triggers let it be used and revoked, and nothing else
    "django_migrations": READ,
    "archive_timestamp": ADD,
    "archive_witness": CHANGE,
}

# Sign-in, sessions, second factors: these packages keep their own tables and remove their own rows.
PACKAGES = {
    "auth": DELETE,
    "account": DELETE,
    "admin": CHANGE,
    "contenttypes": DELETE,
    "django_session": DELETE,
    "django_admin_log": CHANGE,
    "django_content_type": DELETE,
    "mfa": DELETE,
    "sessions": DELETE,
    "socialaccount": DELETE,
    "usersessions": DELETE,
}


def privileges(table: str) -> str | None:
    """What the application may do with a table; None for a table nobody has thought about."""
    if table in EVIDENCE:
        return EVIDENCE[table]
    if table in WORKING:
        return WORKING[table]
    if table in PACKAGES:
        return PACKAGES[table]
    return PACKAGES.get(table.partition("_")[0])


def apply_after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of Django's `post_migrate`."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        apply(cursor, tables=connection.introspection.table_names(cursor))


def apply(cursor: CursorWrapper, *, tables: list[str]) -> None:
    """Give the role exactly the privileges listed here, on the tables that the current role owns."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relnamespace = current_schema()::regnamespace "
        "AND pg_has_role(current_user, relowner, 'USAGE') AND EXISTS (SELECT FROM pg_roles WHERE rolname = %s)",
        [tables, ROLE],
    )
    owned = sorted(name for (name,) in cursor.fetchall())
    if len(owned) == 0:
        return
    cursor.execute("SELECT quote_ident(current_schema())")
    (schema,) = cursor.fetchone()
    statements = [f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}"]
    for table in owned:
        statements.append(f'REVOKE ALL ON "{table}" FROM {ROLE}')
        statements.append(f'GRANT {privileges(table) or READ} ON "{table}" TO {ROLE}')
    statements.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {ROLE}")
    cursor.execute("; ".join(statements))
