"""On SQLite this rebuilds the table."""

# ruff: noqa: RUF012

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from tracker.store.schema import known_migrations


class Migration(migrations.Migration):
    dependencies = [("store", known_migrations()[-1])]
    operations = [
        ops.AlterField("AccountRow", "slack_user", fields.CharField(max_length=128)),
        # Rebuilding drops the indexes of the table.
        ops.RunSQL("CREATE INDEX IF NOT EXISTS account_of_slack_user ON account (slack_user)"),
    ]
