"""Ticks in Gmail: which copies and conversations are to be looked at, the labels of mailboxes, and who wants them."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0006_watching")]
    operations = [
        ops.AddField("CopyRow", "tick_due", fields.SmallIntField(db_default=0)),
        ops.AddIndex("CopyRow", PartialIndex(fields=["id"], name="copy_tick_due", condition={"tick_due": 1})),
        ops.AddField("PreferenceRow", "ticks", fields.BooleanField(db_default=True)),
        ops.CreateModel(
            name="ThreadTickRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255)),
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
                (
                    "copy",
                    fields.ForeignKeyField(
                        "store.CopyRow",
                        source_field="copy_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("thread_id", fields.TextField(unique=False)),
                ("shown", fields.CharField(max_length=16)),
                ("version", fields.IntField()),
                ("due_at", fields.BigIntField(null=True)),
                ("lease", fields.CharField(null=True, max_length=64)),
            ],
            options={
                "table": "thread_tick",
                "app": "store",
                "indexes": [
                    Index(fields=["due_at"], name="thread_tick_due"),
                    Index(fields=["account_id", "due_at"], name="thread_tick_of_account"),
                    Index(fields=["copy_id"], name="thread_tick_of_copy"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TickMailboxRow",
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
                ("sent_label", fields.TextField(null=True, unique=False)),
                ("opened_label", fields.TextField(null=True, unique=False)),
                ("refused", fields.BooleanField()),
                ("failures", fields.IntField()),
                ("paused_until", fields.BigIntField(null=True)),
            ],
            options={"table": "tick_mailbox", "app": "store", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
