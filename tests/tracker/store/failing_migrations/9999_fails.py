"""Changes something, then fails."""

# ruff: noqa: RUF012

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from tracker.store.schema import known_migrations


class Migration(migrations.Migration):
    dependencies = [("store", known_migrations()[-1])]
    operations = [
        ops.AddField("AccountRow", "nickname", fields.TextField(null=True)),
        ops.RunSQL("DELETE FROM nowhere"),
    ]
