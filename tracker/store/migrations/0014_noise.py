"""What people do not want to be told, or not now, or elsewhere."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0013_alerts")]
    operations = [
        ops.CreateModel(
            name="NoiseRow",
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
                ("quiet_begin", fields.IntField(null=True)),
                ("quiet_end", fields.IntField(null=True)),
                ("quiet_weekends", fields.BooleanField()),
                ("repeats", fields.BooleanField()),
                ("digest", fields.CharField(max_length=16)),
                ("digest_minute", fields.IntField()),
                ("digest_set_at", fields.BigIntField(null=True)),
                ("channel", fields.TextField(unique=False)),
                ("channel_name", fields.TextField(unique=False)),
                ("hide", fields.BooleanField()),
            ],
            options={
                "table": "noise",
                "app": "store",
                "indexes": [
                    Index(fields=["account_id"], name="noise_of_account"),
                    Index(fields=["digest"], name="noise_digest"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MuteRow",
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
                (
                    "message",
                    fields.ForeignKeyField(
                        "store.MessageRow",
                        source_field="message_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("what", fields.CharField(max_length=320)),
                ("set_at", fields.BigIntField()),
                ("until", fields.BigIntField(null=True)),
            ],
            options={
                "table": "mute",
                "app": "store",
                "unique_together": (("account", "kind", "what"),),
                "indexes": [Index(fields=["message_id"], name="mute_of_message")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
