"""What verdicts need beside the hits: corrections, mail systems, the sender's addresses, places."""

# ruff: noqa: RUF012
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


def _account() -> fields.Field[Any]:
    field: fields.Field[Any] = fields.ForeignKeyField(
        "store.AccountRow",
        source_field="account_id",
        db_constraint=True,
        to_field="id",
        on_delete=OnDelete.CASCADE,
    )
    return field


class Migration(migrations.Migration):
    dependencies = [("store", "0001_first")]

    operations = [
        # One version for all copies of a message: hits on one bear on the verdicts of another.
        ops.AddField("MessageRow", "version", fields.IntField(db_default=0)),
        ops.RemoveField("CopyRow", "version"),
        # On SQLite the table was rebuilt, without its index.
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "copy_of_message" ON "copy" ("message_id", "place")'),
        ops.AddField("CopyRow", "last_place", fields.TextField(db_default="", unique=False)),
        ops.AddField("CopyRow", "passed_on", fields.TextField(db_default="", unique=False)),
        ops.AddField("CopyRow", "replied_at", fields.BigIntField(null=True)),
        ops.AddField("CopyRow", "bounced_at", fields.BigIntField(null=True)),
        ops.AddField("CopyRow", "links_total", fields.IntField(db_default=0)),
        ops.AddField("HitRow", "place", fields.TextField(db_default="", unique=False)),
        ops.CreateModel(
            name="CorrectionRow",
            fields=[
                ("hit_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("account", _account()),
                ("cause", fields.CharField(max_length=16)),
                ("network", fields.TextField(unique=False)),
                ("client", fields.TextField(unique=False)),
                ("at", fields.BigIntField()),
            ],
            options={
                "table": "correction",
                "app": "store",
                "indexes": [
                    Index(fields=["account_id", "at"], name="correction_of_account"),
                    Index(fields=["at"], name="correction_oldest"),
                ],
                "pk_attr": "hit_id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SenderAddressRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ("account", _account()),
                ("ip", fields.TextField(unique=False)),
                ("seen_at", fields.BigIntField()),
            ],
            options={
                "table": "sender_address",
                "app": "store",
                "indexes": [
                    Index(fields=["account_id"], name="sender_address_of_account"),
                    Index(fields=["seen_at"], name="sender_address_oldest"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MailDomainRow",
            fields=[
                ("domain", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255)),
                ("mail_system", fields.CharField(max_length=64)),
                ("until", fields.BigIntField()),
            ],
            options={
                "table": "mail_domain",
                "app": "store",
                "indexes": [Index(fields=["until"], name="mail_domain_oldest")],
                "pk_attr": "domain",
            },
            bases=["Model"],
        ),
    ]
