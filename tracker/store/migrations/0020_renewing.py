"""Whose turn it is to renew a workspace's token, and mails that wait without a draft in Gmail."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0016_orders")]
    operations = [
        ops.AddField("OrderRow", "mail", fields.TextField(null=True)),
        ops.AddField("InstallationRow", "renewing_until", fields.BigIntField(null=True)),
    ]
