"""The first tables."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AccountRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("email", fields.TextField(unique=False)),
                ("email_key", fields.CharField(unique=True, max_length=320)),
                ("slack_user", fields.CharField(max_length=64)),
                ("slack_team", fields.CharField(max_length=64)),
                ("state", fields.CharField(max_length=16)),
                ("refresh_token", fields.TextField(unique=False)),
            ],
            options={
                "table": "account",
                "app": "store",
                "indexes": [Index(fields=["slack_user"], name="account_of_slack_user")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MessageRow",
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
                ("source", fields.CharField(max_length=255)),
                ("subject", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
                ("links", fields.BooleanField()),
                ("per_recipient", fields.BooleanField()),
                ("level", fields.CharField(max_length=16)),
                ("state", fields.CharField(max_length=16)),
                ("sent_at", fields.BigIntField(null=True)),
                ("untracked", fields.TextField(null=True, unique=False)),
                ("words", fields.TextField(unique=False)),
            ],
            options={
                "table": "message",
                "app": "store",
                "unique_together": (("account", "source"),),
                "indexes": [
                    Index(fields=["account_id", "created_at"], name="message_latest"),
                    Index(fields=["created_at"], name="message_oldest"),
                    Index(fields=["state"], name="message_in_state"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AlertRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("key", fields.CharField(unique=True, max_length=255)),
                ("topic", fields.CharField(max_length=128)),
                ("kind", fields.CharField(max_length=16)),
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
                ("copy_id", fields.CharField(null=True, max_length=64)),
                ("hit_id", fields.CharField(null=True, max_length=64)),
                ("due_at", fields.BigIntField()),
                ("held_until", fields.BigIntField(null=True)),
                ("lease", fields.CharField(null=True, max_length=64)),
                ("tries", fields.IntField()),
                ("refusals", fields.IntField()),
                ("done_at", fields.BigIntField(null=True)),
                ("buried", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "alert",
                "app": "store",
                "indexes": [
                    Index(fields=["done_at", "due_at"], name="alert_waiting"),
                    Index(fields=["topic"], name="alert_of_topic"),
                    Index(fields=["message_id"], name="alert_of_message"),
                    Index(fields=["account_id"], name="alert_of_account"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CopyRow",
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
                ("place", fields.IntField()),
                ("recipients", fields.TextField(unique=False)),
                ("draft_id", fields.TextField(null=True, unique=False)),
                ("attempted_at", fields.BigIntField(null=True)),
                ("sent_at", fields.BigIntField(null=True)),
                ("gmail_id", fields.TextField(null=True, unique=False)),
                ("thread_id", fields.TextField(null=True, unique=False)),
                ("rfc_message_id", fields.TextField(null=True, unique=False)),
                ("recipient_mx", fields.TextField(unique=False)),
                ("version", fields.IntField()),
                ("opens", fields.IntField()),
                ("clicks", fields.IntField()),
                ("machines", fields.IntField()),
                ("unsure", fields.IntField()),
                ("first_open_at", fields.BigIntField(null=True)),
                ("last_open_at", fields.BigIntField(null=True)),
                ("first_click_at", fields.BigIntField(null=True)),
                ("last_click_at", fields.BigIntField(null=True)),
                ("last_client", fields.TextField(unique=False)),
                ("last_reason", fields.TextField(unique=False)),
                ("last_hit_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "copy",
                "app": "store",
                "indexes": [Index(fields=["message_id", "place"], name="copy_of_message")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HitRow",
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
                ("at", fields.BigIntField()),
                ("kind", fields.CharField(max_length=16)),
                ("method", fields.TextField(unique=False)),
                ("ip", fields.TextField(null=True, unique=False)),
                ("headers", fields.TextField(null=True, unique=False)),
                ("is_raw", fields.SmallIntField()),
                ("link", fields.TextField(null=True, unique=False)),
                ("cause", fields.CharField(max_length=16)),
                ("confidence", fields.FloatField()),
                ("reason", fields.TextField(unique=False)),
                ("rules", fields.TextField(unique=False)),
                ("ruleset", fields.TextField(unique=False)),
                ("client", fields.TextField(unique=False)),
            ],
            options={
                "table": "hit",
                "app": "store",
                "indexes": [
                    Index(fields=["copy_id", "at"], name="hit_of_copy"),
                    PartialIndex(fields=["at"], name="hit_raw", condition={"is_raw": 1}),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PostRow",
            fields=[
                ("topic", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ("channel", fields.TextField(unique=False)),
                ("ts", fields.TextField(unique=False)),
            ],
            options={"table": "post", "app": "store", "pk_attr": "topic"},
            bases=["Model"],
        ),
    ]
