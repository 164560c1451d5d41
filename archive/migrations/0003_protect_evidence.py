"""Evidence can be added and read, and nothing else: the database itself refuses the rest.

1. Triggers refuse UPDATE, DELETE and TRUNCATE on every evidence table, whoever asks. Its owner can drop them:
   they stop accidents and stolen application credentials; against the owner stand the log and its checkpoints.
2. `archive_append` is the one way into `archive_leaf`: it numbers leaves without a hole under a lock that is
   held to the end of the transaction. It runs as the owner, because the application may not insert leaves.
3. The role `holdfast_app` exists. What it may do with which table is data in archive/grants.py, applied at the
   end of every `migrate`, so that tables of later migrations and other packages are covered too.
"""

from django.db import migrations

EVIDENCE = [
    "archive_blob",
    "archive_checkpoint",
    "archive_leaf",
    "archive_message",
    "archive_observation",
    "archive_page",
    "archive_revision",
    "archive_tile",
    "archive_unreadable",
    "archive_windowclosure",
]

REFUSE = """
CREATE FUNCTION archive_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it holds evidence, and evidence is never changed or removed.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

APPEND = """
CREATE FUNCTION archive_append(kinds smallint[], subjects bigint[], commitments bytea, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first bigint;
BEGIN
    IF cardinality(kinds) <> cardinality(subjects) OR octet_length(commitments) <> 32 * cardinality(kinds) THEN
        RAISE EXCEPTION 'Every leaf needs a kind, a subject and a commitment of 32 bytes.'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(5214000601);
    SELECT coalesce(max(index) + 1, 0) INTO first FROM {schema}.archive_leaf;
    INSERT INTO {schema}.archive_leaf (index, kind, subject_id, at, commitment)
    SELECT first + n - 1, kind, subject, moment, substring(commitments FROM (n::int - 1) * 32 + 1 FOR 32)
    FROM unnest(kinds, subjects) WITH ORDINALITY AS leaf (kind, subject, n)
    ORDER BY n;
    RETURN first;
END $$
"""

ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdfast_app') THEN
        CREATE ROLE holdfast_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of the cluster was a moment faster
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role holdfast_app is missing and % may not create it. As an administrator of the '
            'database server run: CREATE ROLE holdfast_app NOLOGIN', current_user;
END $$
"""


def forwards(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    execute(ROLE)
    execute(REFUSE)
    for table in EVIDENCE:
        execute(
            f"CREATE TRIGGER {table}_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
        )
    execute(APPEND.replace("{schema}", schema))
    execute("REVOKE ALL ON FUNCTION archive_append FROM PUBLIC")
    execute("GRANT EXECUTE ON FUNCTION archive_append TO holdfast_app")


def backwards(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION archive_append", params=None)
    schema_editor.execute("DROP FUNCTION archive_refuse CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_leaf_once_and_blob_salt")]

    operations = [migrations.RunPython(forwards, backwards)]
