"""The one way in which a zip of a legal hold may go: `archive_destroy_zip`, a function of the owner's, beside `archive_destroy`.

It takes one zip, whole, of a matter that was released. It refuses unless its transaction is READ COMMITTED and holds the
locks under which holds are looked at: the table of holds, the members, the joins and leaves, and each session in which
something of the zip was said. It looks itself for holds in force: where the caller names every message of the zip, for one
that plainly covers one of these; where not (the zip was never opened, or has what no report gave), for any that could be
about its custodian and its days. A tombstone is left before anything of it goes. Its bytes stay when an attachment or
another zip leads to the same blob.

The words of what was read in it go with it; of the columns that hold them Postgres keeps no samples from now on.
"""

from django.db import migrations

CHECK_LOCKS = """
CREATE FUNCTION archive_check_that_a_zip_may_go(places bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tables bigint;
    sessions bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Destruction is refused: the transaction does not see holds placed meanwhile (READ COMMITTED).'
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT count(DISTINCT relation) INTO tables FROM pg_locks
    WHERE pid = pg_backend_pid() AND granted AND locktype = 'relation'
        AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND relation IN (to_regclass('{schema}.compliance_hold'), '{schema}.archive_sessionmember'::regclass,
                         '{schema}.archive_membership'::regclass);
    SELECT count(DISTINCT place) INTO sessions FROM pg_locks, unnest(places) AS place
    WHERE pid = pg_backend_pid() AND granted AND locktype = 'advisory' AND objsubid = 1
        AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('holdfast session ' || place, 0);
    IF tables < 3 OR sessions < cardinality(places) THEN
        RAISE EXCEPTION 'Destruction is refused: the locks under which holds are looked at are not held.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM FROM {schema}.archive_session WHERE id = ANY(places) ORDER BY id FOR UPDATE;
END $$
"""

CHECK_HOLDS = """
CREATE FUNCTION archive_check_that_no_zip_is_held(zip bigint, messages bigint[], is_whole boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM {schema}.archive_message said
        JOIN {schema}.archive_session session ON session.id = said.session_id
        JOIN {schema}.compliance_hold hold ON hold.account_id = session.account_id AND hold.released_at IS NULL
            AND (hold.person_id IS NULL OR hold.person_id = said.sender_id)
            AND (hold.session_id IS NULL OR hold.session_id = said.session_id)
            AND (said.sent_at_is_doubtful OR ((hold.since IS NULL OR said.sent_at >= hold.since)
                                              AND (hold.until IS NULL OR said.sent_at < hold.until)))
        WHERE said.id = ANY(messages)
    ) OR NOT is_whole AND EXISTS (
        -- A day more on both sides: Zoom does not say in which zone the days of a zip are.
        SELECT FROM {schema}.archive_holdfile file
        JOIN {schema}.archive_holdcustodian custodian ON custodian.id = file.custodian_id
        JOIN {schema}.compliance_hold hold ON hold.account_id = custodian.account_id AND hold.released_at IS NULL
            AND (hold.covers_received OR hold.person_id IS NULL OR custodian.person_id IS NULL
                 OR hold.person_id = custodian.person_id)
            AND (hold.since IS NULL OR file.last_day IS NULL
                 OR hold.since < (file.last_day::timestamp AT TIME ZONE 'UTC') + interval '2 days')
            AND (hold.until IS NULL OR file.first_day IS NULL
                 OR hold.until > (file.first_day::timestamp AT TIME ZONE 'UTC') - interval '1 day')
        WHERE file.id = zip
    ) THEN
        RAISE EXCEPTION 'Destruction is refused: a hold in force covers something in this zip, or may.'
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$
"""

DESTROY = """
CREATE FUNCTION archive_destroy_zip(zip bigint, messages bigint[], of_matter bigint, stated jsonb, given_salt bytea,
    under bigint, moment timestamptz)
RETURNS TABLE (tombstone bigint, blobs bigint, bytes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    file {schema}.archive_holdfile;
    custodian {schema}.archive_holdcustodian;
    content {schema}.archive_blob;
    places bigint[];
    is_doomed boolean;
BEGIN
    IF octet_length(given_salt) IS DISTINCT FROM 16 OR cardinality(messages) <>
        (SELECT count(*) FROM {schema}.archive_message WHERE id = ANY(messages)) THEN
        RAISE EXCEPTION 'Destruction takes one zip, the messages in it, each once, and a salt of 16 bytes.'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT coalesce(array_agg(DISTINCT session_id ORDER BY session_id), '{}') INTO places
    FROM {schema}.archive_message WHERE id = ANY(messages);
    PERFORM {schema}.archive_check_that_a_zip_may_go(places);
    SELECT * INTO file FROM {schema}.archive_holdfile WHERE id = zip FOR UPDATE;
    IF file.blob_id IS NULL THEN
        RAISE EXCEPTION 'Destruction is refused: there is no such zip, or it is not here.'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF file.state = 'claimed' OR file.opening = 'claimed' THEN
        RAISE EXCEPTION 'Destruction is refused: the zip is being fetched or opened.' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO custodian FROM {schema}.archive_holdcustodian WHERE id = file.custodian_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM {schema}.compliance_zoommatter at_zoom JOIN {schema}.compliance_matter matter
            ON matter.id = at_zoom.matter_id
        WHERE at_zoom.zoom_id = custodian.zoom_matter_id AND matter.id = of_matter AND matter.state = 'released'
            AND matter.account_id = custodian.account_id
            AND NOT EXISTS (SELECT FROM {schema}.compliance_hold
                            WHERE matter_id = matter.id AND released_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'Destruction is refused: the matter this zip was made for is not released.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM {schema}.archive_check_that_no_zip_is_held(zip, messages, file.opening = 'opened'
        AND file.messages_found IS NOT DISTINCT FROM cardinality(messages)::bigint);
    INSERT INTO {schema}.archive_destroying VALUES (pg_current_xact_id());

    SELECT * INTO content FROM {schema}.archive_blob WHERE id = file.blob_id FOR UPDATE;
    is_doomed := NOT EXISTS (SELECT FROM {schema}.archive_attachment WHERE blob_id = content.id)
        AND NOT EXISTS (SELECT FROM {schema}.archive_holdfile WHERE blob_id = content.id AND id <> zip);
    WITH logged AS (
        SELECT leaf.index, sha256('\\x00'::bytea || convert_to(
            'holdfast/v1 ' || leaf.kind || E'\\n' || leaf.subject_id || E'\\n'
            || to_char(leaf.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n'
            || encode(leaf.commitment, 'hex') || E'\\n', 'UTF8')) AS hash
        FROM {schema}.archive_leaf leaf WHERE is_doomed AND leaf.kind = 2 AND leaf.subject_id = content.id
    )
    INSERT INTO {schema}.archive_ziptombstone (hold_file_id, zoom_matter_id, matter, sha256, size_bytes, first_day,
        last_day, entries, messages, statement, leaves, hashes, disposition, destroyed_at, salt)
    SELECT zip, custodian.zoom_matter_id, of_matter, content.sha256, content.size_bytes, file.first_day, file.last_day,
        file.files_found, file.messages_found, stated,
        coalesce((SELECT array_agg(index ORDER BY index) FROM logged), '{}'),
        coalesce((SELECT string_agg(hash, ''::bytea ORDER BY index) FROM logged), ''::bytea), under, moment, given_salt
    RETURNING id INTO tombstone;

    DELETE FROM {schema}.archive_holdpassage WHERE entry_id IN
        (SELECT id FROM {schema}.archive_holdentry WHERE hold_file_id = zip);
    DELETE FROM {schema}.archive_holdentry WHERE hold_file_id = zip;
    UPDATE {schema}.archive_holdfile SET state = 'destroyed', blob_id = NULL, opening = '', opening_error = '',
        last_error = '', claim = NULL, bytes_done = 0 WHERE id = zip;
    blobs := 0;
    bytes := 0;
    IF is_doomed THEN
        INSERT INTO {schema}.archive_blobremoval
            (sha256, size_bytes, disposition, state, attempts, not_before, last_error, destroyed_at)
        VALUES (content.sha256, content.size_bytes, under, 'due', 0, moment, '', moment);
        DELETE FROM {schema}.archive_extraction WHERE blob_id = content.id;
        DELETE FROM {schema}.archive_blob WHERE id = content.id;
        blobs := 1;
        bytes := content.size_bytes;
    END IF;
    DELETE FROM {schema}.archive_destroying WHERE transaction = pg_current_xact_id();
    RETURN NEXT;
END $$
"""
FUNCTIONS = [CHECK_LOCKS, CHECK_HOLDS, DESTROY]
NAMES = ["archive_destroy_zip", "archive_check_that_no_zip_is_held", "archive_check_that_a_zip_may_go"]
TRIGGERS = [
    "CREATE TRIGGER archive_ziptombstone_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_ziptombstone "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()",
    "CREATE TRIGGER archive_ziptombstone_is_open AFTER INSERT ON archive_ziptombstone REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_check_tombstones()",
]
WORDS = {"archive_holdentry": ["name", "text"], "archive_holdpassage": ["terms"]}


def _statistics(execute, target):
    for table, columns in WORDS.items():
        for column in columns:
            execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS {target}')


def forwards(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    for function in FUNCTIONS:
        execute(function.replace("{schema}", schema))
    for trigger in TRIGGERS:
        execute(trigger)
    for name in NAMES:
        execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    execute("GRANT EXECUTE ON FUNCTION archive_destroy_zip TO holdfast_app")
    _statistics(execute, 0)


def backwards(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    for name in NAMES:
        execute(f"DROP FUNCTION {name}")
    for name in ("is_evidence", "is_open"):
        execute(f"DROP TRIGGER archive_ziptombstone_{name} ON archive_ziptombstone")
    _statistics(execute, -1)


class Migration(migrations.Migration):
    dependencies = [("archive", "0029_zips_of_released_matters")]

    operations = [migrations.RunPython(forwards, backwards)]
