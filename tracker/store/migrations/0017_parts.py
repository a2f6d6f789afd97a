"""On PostgreSQL the table of hits comes in parts, by the time that a hit's id begins with. SQLite keeps its one table.

Who has hits already keeps them where they lie: the old table becomes the first
part, up to the end of tomorrow; nothing is written twice. Only what is named
for a later time goes over to `hit_rest`, which holds whatever no part is for.
"""

# ruff: noqa: RUF012
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

_ASIDE = """
ALTER TABLE hit RENAME TO hit_before;
ALTER TABLE hit_before RENAME CONSTRAINT hit_pkey TO hit_before_pkey;
ALTER INDEX hit_of_copy RENAME TO hit_before_of_copy;
ALTER INDEX hit_raw RENAME TO hit_before_raw;
CREATE TABLE hit (LIKE hit_before INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX hit_of_copy ON hit (copy_id, at);
CREATE INDEX hit_raw ON hit (at) WHERE is_raw = 1;
CREATE TABLE hit_rest PARTITION OF hit DEFAULT;
DO $$ DECLARE key text; BEGIN
    FOR key IN SELECT conname FROM pg_constraint WHERE conrelid = 'hit_before'::regclass AND contype = 'f'
    LOOP EXECUTE format('ALTER TABLE hit_before DROP CONSTRAINT %I', key); END LOOP;
END $$;
"""
_KEPT = """
WITH gone AS (DELETE FROM hit_before WHERE id >= '{edge}' RETURNING *) INSERT INTO hit_rest SELECT * FROM gone;
ALTER TABLE hit ATTACH PARTITION hit_before FOR VALUES FROM (MINVALUE) TO ('{edge}');
"""
# A key to `copy` would delete hits one by one with every message that grows old. What parts take with them soon is left
# to them by whoever forgets old messages, and says which parts; everybody else's deletions take all hits.
_FORGETTING = """
CREATE FUNCTION forget_hits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_from text := coalesce(current_setting('twotick.left_from', true), '');
    left_until text := current_setting('twotick.left_until', true);
BEGIN
    IF left_from = '' THEN
        DELETE FROM hit WHERE copy_id = OLD.id;
    ELSIF OLD.last_hit_at IS NOT NULL THEN
        DELETE FROM hit WHERE copy_id = OLD.id AND id < left_from;
        IF OLD.last_hit_at >= current_setting('twotick.left_until_at')::bigint THEN
            DELETE FROM hit WHERE copy_id = OLD.id AND id >= left_until;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_hits AFTER DELETE ON copy FOR EACH ROW EXECUTE FUNCTION forget_hits();
"""


async def _divide(_: Any, editor: Any) -> None:
    client = editor.client
    if client.capabilities.dialect == "sqlite":
        return
    await client.execute_script(_ASIDE)
    if await client.execute_query_dict("SELECT 1 FROM hit_before LIMIT 1"):
        tomorrow = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
        await client.execute_script(_KEPT.format(edge=f"{int(tomorrow.timestamp() * 1000):012x}"))
    else:
        await client.execute_script("DROP TABLE hit_before")
    await client.execute_script(_FORGETTING)


class Migration(migrations.Migration):
    dependencies = [("store", "0016_orders")]
    operations = [ops.RunPython(_divide)]
