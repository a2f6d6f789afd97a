"""Slack workspaces that installed us, and what was heard from them."""

# ruff: noqa: RUF012
from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


def _key(length: int) -> tuple[str, Any]:
    return "id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=length)


def _options(table: str, *indexes: Index) -> dict[str, Any]:
    return {"table": table, "app": "store", "indexes": list(indexes), "pk_attr": "id"}


class Migration(migrations.Migration):
    dependencies = [("store", "0009_documents")]
    operations = [
        ops.CreateModel(
            name="InstallationRow",
            fields=[
                _key(64),
                ("enterprise_id", fields.CharField(max_length=64)),
                ("org_wide", fields.SmallIntField()),
                ("app_id", fields.CharField(max_length=64)),
                ("name", fields.TextField(unique=False)),
                ("bot_user", fields.CharField(max_length=64)),
                ("bot_token", fields.TextField(unique=False)),
                ("scopes", fields.TextField(unique=False)),
                ("installed_by", fields.CharField(max_length=64)),
                ("installed_at", fields.BigIntField()),
                ("refresh_token", fields.TextField(null=True, unique=False)),
                ("expires_at", fields.BigIntField(null=True)),
            ],
            options=_options("installation"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SlackTeamRow",
            fields=[_key(64), ("enterprise_id", fields.CharField(max_length=64))],
            options=_options("slack_team", Index(fields=["enterprise_id"], name="slack_team_of_enterprise")),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InstallStateRow",
            fields=[_key(64), ("until", fields.BigIntField())],
            options=_options("install_state", Index(fields=["until"], name="install_state_oldest")),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HeardRow",
            fields=[_key(128), ("at", fields.BigIntField())],
            options=_options("heard", Index(fields=["at"], name="heard_oldest")),
            bases=["Model"],
        ),
    ]
