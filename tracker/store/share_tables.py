"""The table of messages that are shown in channels; see `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ShareRow(Model):
    """It outlives its message and its account until its card is taken down: so it refers to neither."""

    id = fields.CharField(max_length=64, primary_key=True)
    account_id = fields.CharField(max_length=64)
    message_id = fields.CharField(max_length=64)
    team = fields.CharField(max_length=64)
    user_id = fields.CharField(max_length=64)
    channel = fields.CharField(max_length=64)
    shared_at = fields.BigIntField()
    hide = fields.SmallIntField()
    ts = fields.CharField(max_length=64)
    drawn_at = fields.BigIntField(null=True)
    stopped = fields.SmallIntField()
    held_until = fields.BigIntField(null=True)

    class Meta:
        table = "share"
        unique_together = (("message_id", "channel"),)
        indexes = (Index(fields=("account_id",), name="share_of_account"),)
