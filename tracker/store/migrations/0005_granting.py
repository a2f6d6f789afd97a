"""What owners granted, and links to connect a mailbox that are good once."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0004_following")]
    operations = [
        ops.AddField("AccountRow", "profile", fields.CharField(max_length=16, null=True)),
        ops.AddField("AccountRow", "delegated", fields.BooleanField(db_default=False)),
        ops.CreateModel(
            name="InvitationRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("browser", fields.CharField(max_length=64)),
                ("until", fields.BigIntField()),
                ("done", fields.BooleanField(db_default=False)),
            ],
            options={
                "table": "invitation",
                "app": "store",
                "indexes": [Index(fields=["until"], name="invitation_oldest")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
