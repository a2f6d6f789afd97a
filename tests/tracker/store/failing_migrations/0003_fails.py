"""Changes something, then fails."""

# ruff: noqa: RUF012

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0002_evidence")]
    operations = [
        ops.AddField("AccountRow", "nickname", fields.TextField(null=True)),
        ops.RunSQL("DELETE FROM nowhere"),
    ]
