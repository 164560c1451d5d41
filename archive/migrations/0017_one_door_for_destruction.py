"""The one way in which a record may go: `archive_destroy`, a function of the owner's. Everything else is refused as before.

It leaves a tombstone for every message before anything of it goes. It refuses unless its transaction sees what others
have committed meanwhile (READ COMMITTED) and holds the locks under which it was decided that nothing holds the messages:
the table of holds, the members, the joins and leaves, and the session's own (archive.holding.may_go). And it looks
itself for a hold in force that plainly covers one of them. So whoever has the application's password destroys no more
than the application could.

The triggers that refuse to delete let go while a row of `archive_destroying` names the transaction; only the owner can
write there, and only the function does. Its row is gone before the function ends.
"""

from django.db import migrations

DESTROYING = """
CREATE TABLE archive_destroying (transaction xid8 PRIMARY KEY)
"""

REFUSE = """
CREATE FUNCTION archive_refuse_but_to_destroy() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM {schema}.archive_destroying WHERE transaction = pg_current_xact_id_if_assigned()) THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION '% of % is refused: it holds evidence, and evidence is never changed or removed.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
GO_WITH_THEIR_MESSAGE = ["archive_blob", "archive_observation", "archive_reading", "archive_revision"]

CHECK_LOCKS = """
CREATE FUNCTION archive_check_that_it_may_go(place bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held bigint;
    of_session bigint := hashtextextended('holdfast session ' || place, 0);
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Destruction is refused: the transaction does not see holds placed meanwhile (READ COMMITTED).'
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT count(DISTINCT coalesce(relation, 0)) INTO held FROM pg_locks
    WHERE pid = pg_backend_pid() AND granted AND (
        locktype = 'relation' AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            AND relation IN (to_regclass('{schema}.compliance_hold'), '{schema}.archive_sessionmember'::regclass,
                             '{schema}.archive_membership'::regclass)
        OR locktype = 'advisory' AND objsubid = 1 AND ((classid::bigint << 32) | objid::bigint) = of_session);
    IF held < 4 THEN
        RAISE EXCEPTION 'Destruction is refused: the locks under which holds are looked at are not held.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM FROM {schema}.archive_session WHERE id = place FOR UPDATE;
END $$
"""

CHECK_HOLDS = """
CREATE FUNCTION archive_check_that_none_is_held(messages bigint[], place bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM {schema}.archive_message said
        JOIN {schema}.archive_session session ON session.id = said.session_id
        JOIN {schema}.compliance_hold hold ON hold.account_id = session.account_id AND hold.released_at IS NULL
            AND (hold.person_id IS NULL OR hold.person_id = said.sender_id)
            AND (hold.session_id IS NULL OR hold.session_id = said.session_id)
            AND (said.sent_at_is_doubtful OR ((hold.since IS NULL OR said.sent_at >= hold.since)
                                              AND (hold.until IS NULL OR said.sent_at < hold.until)))
        WHERE said.id = ANY(messages) AND said.session_id = place
    ) THEN
        RAISE EXCEPTION 'Destruction is refused: a hold in force covers one of these messages.'
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$
"""

DESTROY = """
CREATE FUNCTION archive_destroy(messages bigint[], salts bytea[], under bigint, moment timestamptz)
RETURNS TABLE (revisions bigint, attachments bigint, blobs bigint, bytes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    place bigint;
    of_account bigint;
    doomed_blobs bigint[];
    doomed_seen bigint[];
BEGIN
    SELECT min(said.session_id), min(session.account_id) INTO place, of_account
    FROM {schema}.archive_message said JOIN {schema}.archive_session session ON session.id = said.session_id
    WHERE said.id = ANY(messages)
    HAVING min(said.session_id) = max(said.session_id) AND count(*) = cardinality(messages);
    IF place IS NULL OR cardinality(salts) <> cardinality(messages) OR cardinality(messages) > 1000
        OR EXISTS (SELECT FROM unnest(salts) AS given(salt) WHERE octet_length(salt) IS DISTINCT FROM 16) THEN
        RAISE EXCEPTION 'Destruction takes up to 1,000 messages of one session, each once and with a salt of 16 bytes.'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM {schema}.archive_check_that_it_may_go(place);
    PERFORM {schema}.archive_check_that_none_is_held(messages, place);
    INSERT INTO {schema}.archive_destroying VALUES (pg_current_xact_id());

    PERFORM FROM {schema}.archive_attachment WHERE message_id = ANY(messages) ORDER BY id FOR UPDATE;
    PERFORM FROM {schema}.archive_forward WHERE message_id = ANY(messages) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM {schema}.archive_attachment WHERE message_id = ANY(messages) AND state = 'claimed')
        OR EXISTS (SELECT FROM {schema}.archive_forward WHERE message_id = ANY(messages) AND state = 'claimed') THEN
        RAISE EXCEPTION 'Destruction is refused: something of these messages is being fetched.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM FROM {schema}.archive_blob WHERE id IN
        (SELECT blob_id FROM {schema}.archive_attachment WHERE message_id = ANY(messages)) ORDER BY id FOR UPDATE;
    -- Bytes that nothing else in the archive leads to.
    SELECT coalesce(array_agg(DISTINCT blob_id), '{}') INTO doomed_blobs
    FROM {schema}.archive_attachment mine
    WHERE mine.message_id = ANY(messages) AND mine.blob_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM {schema}.archive_attachment other
                        WHERE other.blob_id = mine.blob_id AND other.message_id <> ALL(messages))
        AND NOT EXISTS (SELECT FROM {schema}.archive_holdfile zip WHERE zip.blob_id = mine.blob_id);
    -- What Zoom said of these files and of what was forwarded, in every state, where no other message leads to it.
    SELECT coalesce(array_agg(DISTINCT seen.id), '{}') INTO doomed_seen
    FROM (SELECT 'file' AS kind, zoom_file_id AS subject FROM {schema}.archive_attachment WHERE message_id = ANY(messages)
          UNION SELECT 'forward', forward_id FROM {schema}.archive_forward WHERE message_id = ANY(messages)) AS mine
    JOIN {schema}.archive_observation seen
        ON seen.account_id = of_account AND seen.kind = mine.kind AND seen.subject = mine.subject
    WHERE NOT EXISTS (SELECT FROM {schema}.archive_attachment other
                      WHERE other.zoom_file_id = seen.subject AND seen.kind = 'file' AND other.message_id <> ALL(messages))
        AND NOT EXISTS (SELECT FROM {schema}.archive_observation same
                        JOIN {schema}.archive_forward other ON other.original_id = same.id AND other.message_id <> ALL(messages)
                        WHERE seen.kind = 'forward' AND same.account_id = seen.account_id AND same.kind = seen.kind
                            AND same.subject = seen.subject);

    WITH record AS (
        SELECT message_id AS message, 1 AS kind, id AS subject FROM {schema}.archive_revision WHERE message_id = ANY(messages)
        UNION ALL
        SELECT file.message_id, 8, reading.id FROM {schema}.archive_attachment file
        JOIN {schema}.archive_reading reading ON reading.attachment_id = file.id WHERE file.message_id = ANY(messages)
        UNION ALL
        SELECT min(message_id), 2, blob_id FROM {schema}.archive_attachment
        WHERE message_id = ANY(messages) AND blob_id = ANY(doomed_blobs) GROUP BY blob_id
        UNION ALL
        SELECT min(mine.message), 5, seen.id FROM {schema}.archive_observation seen JOIN (
            SELECT message_id AS message, 'file' AS kind, zoom_file_id AS subject FROM {schema}.archive_attachment
            WHERE message_id = ANY(messages)
            UNION ALL SELECT message_id, 'forward', forward_id FROM {schema}.archive_forward WHERE message_id = ANY(messages)
        ) AS mine ON mine.kind = seen.kind AND mine.subject = seen.subject
        WHERE seen.id = ANY(doomed_seen) GROUP BY seen.id
    ), logged AS (
        SELECT record.message, leaf.index, sha256('\\x00'::bytea || convert_to(
            'holdfast/v1 ' || leaf.kind || E'\\n' || leaf.subject_id || E'\\n'
            || to_char(leaf.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n'
            || encode(leaf.commitment, 'hex') || E'\\n', 'UTF8')) AS hash
        FROM record JOIN {schema}.archive_leaf leaf ON leaf.kind = record.kind AND leaf.subject_id = record.subject
    ), listed AS (
        SELECT message, array_agg(index ORDER BY index) AS leaves, string_agg(hash, ''::bytea ORDER BY index) AS hashes
        FROM logged GROUP BY message
    )
    INSERT INTO {schema}.archive_tombstone (message_id, session_id, zoom_id, sent_at, revisions, attachments, leaves,
        hashes, disposition, destroyed_at, salt)
    SELECT said.id, said.session_id, said.zoom_id, said.sent_at,
        (SELECT count(*) FROM {schema}.archive_revision WHERE message_id = said.id),
        (SELECT count(*) FROM {schema}.archive_attachment WHERE message_id = said.id),
        coalesce(listed.leaves, '{}'), coalesce(listed.hashes, ''::bytea), under, moment, given.salt
    FROM unnest(messages, salts) AS given (message, salt)
    JOIN {schema}.archive_message said ON said.id = given.message
    LEFT JOIN listed ON listed.message = said.id
    ORDER BY said.id;

    INSERT INTO {schema}.archive_blobremoval
        (sha256, size_bytes, disposition, state, attempts, not_before, last_error, destroyed_at)
    SELECT sha256, size_bytes, under, 'due', 0, moment, '', moment FROM {schema}.archive_blob
    WHERE id = ANY(doomed_blobs) ORDER BY id;
    blobs := cardinality(doomed_blobs);
    SELECT coalesce(sum(size_bytes), 0) INTO bytes FROM {schema}.archive_blob WHERE id = ANY(doomed_blobs);

    DELETE FROM {schema}.archive_reading WHERE attachment_id IN
        (SELECT id FROM {schema}.archive_attachment WHERE message_id = ANY(messages));
    DELETE FROM {schema}.archive_attachment WHERE message_id = ANY(messages);
    GET DIAGNOSTICS attachments = ROW_COUNT;
    DELETE FROM {schema}.archive_forward WHERE message_id = ANY(messages);
    DELETE FROM {schema}.archive_observation WHERE id = ANY(doomed_seen);
    DELETE FROM {schema}.archive_extraction WHERE blob_id = ANY(doomed_blobs);
    DELETE FROM {schema}.archive_blob WHERE id = ANY(doomed_blobs);
    DELETE FROM {schema}.archive_revision WHERE message_id = ANY(messages);
    GET DIAGNOSTICS revisions = ROW_COUNT;
    DELETE FROM {schema}.archive_destroying WHERE transaction = pg_current_xact_id();
    RETURN NEXT;
END $$
"""
FUNCTIONS = [REFUSE, CHECK_LOCKS, CHECK_HOLDS, DESTROY]
NAMES = [
    "archive_destroy",
    "archive_check_that_none_is_held",
    "archive_check_that_it_may_go",
]


def forwards(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    execute(DESTROYING)
    for function in FUNCTIONS:
        execute(function.replace("{schema}", schema))
    for table in GO_WITH_THEIR_MESSAGE:
        execute(
            f"CREATE OR REPLACE TRIGGER {table}_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse_but_to_destroy()"
        )
    execute(
        "CREATE TRIGGER archive_tombstone_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_tombstone "
        "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
    )
    for name in NAMES:
        execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    execute("GRANT EXECUTE ON FUNCTION archive_destroy TO holdfast_app")


def backwards(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    execute("DROP TRIGGER archive_tombstone_is_evidence ON archive_tombstone")
    for table in GO_WITH_THEIR_MESSAGE:
        execute(
            f"CREATE OR REPLACE TRIGGER {table}_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
        )
    for name in [*NAMES, "archive_refuse_but_to_destroy"]:
        execute(f"DROP FUNCTION {name}")
    execute("DROP TABLE archive_destroying")


class Migration(migrations.Migration):
    dependencies = [("archive", "0016_destruction")]

    operations = [migrations.RunPython(forwards, backwards)]
