"""On SQLite this rebuilds the table."""

# ruff: noqa: RUF012

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("store", "0002_evidence")]
    operations = [
        ops.AlterField("AccountRow", "slack_user", fields.CharField(max_length=128)),
        # Rebuilding drops the indexes of the table.
        ops.RunSQL("CREATE INDEX IF NOT EXISTS account_of_slack_user ON account (slack_user)"),
    ]
