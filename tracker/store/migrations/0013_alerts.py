"""Threads under living cards, crowds, what was buried, and what may have been said twice."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0012_workspaces")]
    operations = [
        ops.AddField("AlertRow", "crowd_id", fields.CharField(null=True, max_length=64)),
        ops.AddField("AlertRow", "held_at", fields.BigIntField(null=True)),
        ops.AddField("AlertRow", "is_buried", fields.SmallIntField(db_default=0)),
        ops.AddField("AlertRow", "blind", fields.SmallIntField(db_default=0)),
        ops.AddIndex("AlertRow", Index(fields=["crowd_id"], name="alert_of_crowd")),
        ops.AddIndex("AlertRow", PartialIndex(fields=["done_at"], name="alert_buried", condition={"is_buried": 1})),
        ops.AddIndex("AlertRow", PartialIndex(fields=["done_at"], name="alert_blind", condition={"blind": 1})),
        ops.RunSQL("UPDATE alert SET is_buried = 1 WHERE buried IS NOT NULL"),
        ops.AddField("PostRow", "turn", fields.IntField(db_default=0)),
        ops.AddField("PostRow", "drawn_at", fields.BigIntField(null=True)),
        ops.AddField("PostRow", "told_at", fields.BigIntField(null=True)),
        ops.AddField("PostRow", "line_at", fields.BigIntField(null=True)),
        ops.AddField("PostRow", "message_id", fields.CharField(null=True, max_length=64)),
        ops.AddIndex("PostRow", Index(fields=["message_id"], name="post_of_message")),
    ]
