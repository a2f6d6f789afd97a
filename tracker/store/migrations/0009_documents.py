"""Documents that go out as links, and what people said of that."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0008_reminders")]
    operations = [
        ops.AddField("MessageRow", "documents", fields.BooleanField(db_default=False)),
        ops.AddField("MessageRow", "left_attached", fields.TextField(null=True)),
        ops.AddField("OrderRow", "documents", fields.BooleanField(db_default=False)),
        ops.AddField("PreferenceRow", "documents", fields.BooleanField(db_default=False)),
        ops.CreateModel(
            name="DocumentRow",
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
                ("name", fields.TextField(unique=False)),
                ("kind", fields.TextField(unique=False)),
                ("size", fields.BigIntField()),
                ("put_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
                ("whole", fields.SmallIntField()),
            ],
            options={
                "table": "shelved_document",
                "app": "store",
                "indexes": [
                    Index(fields=["message_id"], name="shelved_of_message"),
                    Index(fields=["expires_at"], name="shelved_oldest"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DocumentPieceRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                (
                    "document",
                    fields.ForeignKeyField(
                        "store.DocumentRow",
                        source_field="document_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("data", fields.BinaryField()),
            ],
            options={
                "table": "shelved_piece",
                "app": "store",
                "indexes": [Index(fields=["document_id"], name="shelved_piece_of")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
