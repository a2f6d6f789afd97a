"""The tables of what people do not want to be told, or not now, or elsewhere."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from tracker.store.tables import AccountRow, MessageRow


class NoiseRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)  # the account's
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    quiet_begin = fields.IntField(null=True)  # minutes after midnight, on the owner's clock
    quiet_end = fields.IntField(null=True)
    quiet_weekends = fields.BooleanField()
    repeats = fields.BooleanField()
    digest = fields.CharField(max_length=16)
    digest_minute = fields.IntField()
    digest_set_at = fields.BigIntField(null=True)
    channel = fields.TextField()
    channel_name = fields.TextField()
    hide = fields.BooleanField()

    class Meta:
        table = "noise"
        indexes = (
            Index(fields=("account_id",), name="noise_of_account"),
            Index(fields=("digest",), name="noise_digest"),
        )


class MuteRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    message: fields.ForeignKeyNullableRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow", null=True)
    message_id: str | None  # of a muted message, with which the mute goes
    kind = fields.CharField(max_length=16)
    what = fields.CharField(max_length=320)
    set_at = fields.BigIntField()
    until = fields.BigIntField(null=True)

    class Meta:
        table = "mute"
        unique_together = (("account", "kind", "what"),)
        indexes = (Index(fields=("message_id",), name="mute_of_message"),)
