"""Signs of life of our processes, and exports that wait to be fetched."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0013_alerts")]
    operations = [
        ops.CreateModel(
            name="HeartbeatRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("at", fields.BigIntField()),
            ],
            options={"table": "heartbeat", "app": "store", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ExportOfferRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("account_ids", fields.TextField(unique=False)),
                ("until", fields.BigIntField()),
            ],
            options={
                "table": "export_offer",
                "app": "store",
                "indexes": [Index(fields=["until"], name="export_offer_oldest")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
