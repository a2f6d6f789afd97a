"""How far mailboxes are followed, and what came back about copies."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0003_wishes")]
    operations = [
        ops.AddField("AccountRow", "history_mark", fields.TextField(null=True)),
        ops.AddField("AccountRow", "synced_at", fields.BigIntField(null=True)),
        ops.AddIndex("CopyRow", Index(fields=["rfc_message_id"], name="copy_of_message_id")),
        ops.CreateModel(
            name="AnswerRow",
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
                ("gmail_id", fields.TextField(unique=False)),
                ("kind", fields.CharField(max_length=16)),
                ("who", fields.TextField(unique=False)),
                ("at", fields.BigIntField()),
                ("why", fields.TextField(unique=False)),
            ],
            options={
                "table": "answer",
                "app": "store",
                "indexes": [Index(fields=["copy_id", "at"], name="answer_about_copy")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
