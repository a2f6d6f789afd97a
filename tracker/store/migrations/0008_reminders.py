"""Reminders of messages that nobody opens or answers, by hand and by default, and drafts that nudge."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0007_ticks")]
    operations = [
        ops.AddField("PreferenceRow", "remind_unopened_days", fields.IntField(db_default=0)),
        ops.AddField("PreferenceRow", "remind_unanswered_days", fields.IntField(db_default=0)),
        ops.CreateModel(
            name="ReminderRow",
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
                ("kind", fields.CharField(max_length=16)),
                ("set_at", fields.BigIntField()),
                ("after_seconds", fields.BigIntField()),
                ("due_at", fields.BigIntField()),
                ("by_hand", fields.BooleanField()),
                ("state", fields.CharField(max_length=16)),
            ],
            options={
                "table": "reminder",
                "app": "store",
                "unique_together": (("message", "kind"),),
                "indexes": [Index(fields=["state", "due_at"], name="reminder_waiting")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NudgeRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
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
                ("number", fields.IntField()),
                ("draft_id", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "nudge",
                "app": "store",
                "indexes": [Index(fields=["copy_id"], name="nudge_of_copy")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
