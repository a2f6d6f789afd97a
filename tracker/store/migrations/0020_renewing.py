"""Whose turn it is to renew a workspace's token, mails that wait without a draft, messages shown in channels."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0016_orders")]
    operations = [
        ops.AddField("OrderRow", "mail", fields.TextField(null=True)),
        ops.AddField("InstallationRow", "renewing_until", fields.BigIntField(null=True)),
        ops.CreateModel(
            name="ShareRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("account_id", fields.CharField(max_length=64)),
                ("message_id", fields.CharField(max_length=64)),
                ("team", fields.CharField(max_length=64)),
                ("user_id", fields.CharField(max_length=64)),
                ("channel", fields.CharField(max_length=64)),
                ("shared_at", fields.BigIntField()),
                ("hide", fields.SmallIntField()),
                ("ts", fields.CharField(max_length=64)),
                ("drawn_at", fields.BigIntField(null=True)),
                ("stopped", fields.SmallIntField()),
                ("held_until", fields.BigIntField(null=True)),
            ],
            options={
                "table": "share",
                "app": "store",
                "unique_together": (("message_id", "channel"),),
                "indexes": [Index(fields=["account_id"], name="share_of_account")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
