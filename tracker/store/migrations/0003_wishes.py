"""What people want and asked for: preferences, sendings that wait, stopped messages, looks at one's own mail."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0002_evidence")]
    operations = [
        ops.AddField("MessageRow", "stopped_at", fields.BigIntField(null=True)),
        ops.AddField("AlertRow", "order_id", fields.CharField(null=True, max_length=64)),
        ops.AddIndex("CopyRow", Index(fields=["gmail_id"], name="copy_in_gmail")),
        ops.AddIndex("CopyRow", Index(fields=["thread_id"], name="copy_in_thread")),
        ops.CreateModel(
            name="PreferenceRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "store.AccountRow",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("track", fields.BooleanField()),
                ("links", fields.BooleanField()),
                ("per_recipient", fields.BooleanField()),
                ("undo_seconds", fields.IntField()),
            ],
            options={"table": "preference", "app": "store", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "store.AccountRow",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=255)),
                ("asked_at", fields.BigIntField()),
                ("not_before", fields.BigIntField()),
                ("due_at", fields.BigIntField()),
                ("lease", fields.CharField(null=True, max_length=64)),
                ("draft_id", fields.TextField(null=True, unique=False)),
                ("mark", fields.CharField(null=True, max_length=64)),
                ("links", fields.BooleanField()),
                ("per_recipient", fields.BooleanField()),
                ("level", fields.CharField(max_length=16)),
                ("state", fields.CharField(max_length=16)),
                ("message_id", fields.CharField(null=True, max_length=64)),
                ("failure", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "send_order",
                "app": "store",
                "unique_together": (("account", "key"),),
                "indexes": [
                    Index(fields=["state", "due_at"], name="send_order_waiting"),
                    Index(fields=["account_id", "asked_at"], name="send_order_of_account"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LookRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                (
                    "message",
                    fields.ForeignKeyField(
                        "store.MessageRow",
                        source_field="message_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", fields.BigIntField()),
            ],
            options={
                "table": "look",
                "app": "store",
                "indexes": [
                    Index(fields=["message_id", "at"], name="look_at_message"),
                    Index(fields=["at"], name="look_oldest"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
