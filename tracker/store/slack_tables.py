"""The tables of Slack workspaces, and of what Slack told us; see `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class InstallationRow(Model):
    """A Slack workspace, or a whole organisation, that installed us."""

    id = fields.CharField(max_length=64, primary_key=True)  # the workspace's, or the organisation's
    enterprise_id = fields.CharField(max_length=64)
    org_wide = fields.SmallIntField()
    app_id = fields.CharField(max_length=64)
    name = fields.TextField()
    bot_user = fields.CharField(max_length=64)
    bot_token = fields.TextField()  # sealed
    scopes = fields.TextField()
    installed_by = fields.CharField(max_length=64)
    installed_at = fields.BigIntField()
    refresh_token = fields.TextField(null=True)  # sealed
    expires_at = fields.BigIntField(null=True)
    renewing_until = fields.BigIntField(null=True)  # whose turn it is ends then, by itself

    class Meta:
        table = "installation"


class SlackTeamRow(Model):
    """Which organisation a workspace was seen in."""

    id = fields.CharField(max_length=64, primary_key=True)
    enterprise_id = fields.CharField(max_length=64)

    class Meta:
        table = "slack_team"
        indexes = (Index(fields=("enterprise_id",), name="slack_team_of_enterprise"),)


class InstallStateRow(Model):
    """An installation under way, by its secret's name."""

    id = fields.CharField(max_length=64, primary_key=True)
    until = fields.BigIntField()

    class Meta:
        table = "install_state"
        indexes = (Index(fields=("until",), name="install_state_oldest"),)


class HeardRow(Model):
    """What Slack told us already."""

    id = fields.CharField(max_length=128, primary_key=True)
    at = fields.BigIntField()

    class Meta:
        table = "heard"
        indexes = (Index(fields=("at",), name="heard_oldest"),)
