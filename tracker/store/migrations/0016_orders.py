"""Which mail an order is about, as it was read when it was to be sent."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0015_lists")]
    operations = [
        ops.AddField("OrderRow", "subject", fields.TextField(null=True)),
        ops.AddField("OrderRow", "recipient", fields.TextField(null=True)),
    ]
