"""What Gmail told of, how long it does, how far a look through a mailbox came, and drafts that may be orders."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0005_granting")]
    operations = [
        ops.AddField("AccountRow", "told_at", fields.BigIntField(null=True)),
        ops.AddField("AccountRow", "heeded_at", fields.BigIntField(null=True)),
        ops.AddField("AccountRow", "watched_until", fields.BigIntField(null=True)),
        ops.AddField("AccountRow", "watched_topic", fields.TextField(null=True)),
        ops.AddField("AccountRow", "watch_due_at", fields.BigIntField(null=True)),
        ops.AddField("AccountRow", "look_through", fields.TextField(null=True)),
        ops.AddField("OrderRow", "draft_version", fields.TextField(null=True)),
        ops.AddField("OrderRow", "cue", fields.TextField(null=True)),
        ops.CreateModel(
            name="SavedDraftRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
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
                ("gmail_id", fields.TextField(unique=False)),
                ("saved_at", fields.BigIntField()),
            ],
            options={
                "table": "saved_draft",
                "app": "store",
                "indexes": [Index(fields=["account_id", "saved_at"], name="saved_draft_of_account")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
