"""Deletes parents while foreign keys are not enforced."""

# ruff: noqa: RUF012

from tortoise import migrations
from tortoise.migrations import operations as ops

from tracker.store.schema import known_migrations


class Migration(migrations.Migration):
    dependencies = [("store", known_migrations()[-1])]
    operations = [
        ops.RunSQL("DELETE FROM account"),
    ]
