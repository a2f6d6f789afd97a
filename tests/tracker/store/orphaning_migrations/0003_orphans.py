"""Deletes parents while foreign keys are not enforced."""

# ruff: noqa: RUF012

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0002_evidence")]
    operations = [
        ops.RunSQL("DELETE FROM account"),
    ]
