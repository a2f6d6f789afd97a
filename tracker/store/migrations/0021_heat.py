"""Why a copy is hot, kept beside it: reading its hits for that took longer the more there were."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# As far as a summary can tell: opened thrice and all of it within a day, or twice with a fortnight between.
# What was opened more often is found with its next opening.
_BURST = """
UPDATE copy SET heat_at = last_open_at, heat_openings = opens
WHERE opens >= 3 AND last_open_at - first_open_at < 86400000000
"""
_RETURN = """
UPDATE copy SET heat_at = last_open_at, heat_pause = last_open_at - first_open_at
WHERE opens = 2 AND last_open_at - first_open_at >= 1209600000000
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0020_renewing")]
    operations = [
        ops.AddField("CopyRow", "heat_at", fields.BigIntField(null=True)),
        ops.AddField("CopyRow", "heat_openings", fields.IntField(db_default=0)),
        ops.AddField("CopyRow", "heat_pause", fields.BigIntField(db_default=0)),
        ops.RunSQL([_BURST, _RETURN]),
        ops.AddIndex("CopyRow", Index(fields=["heat_at"], name="copy_hot")),
    ]
