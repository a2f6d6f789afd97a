"""The tables of what people asked for: their preferences, and sendings to be done. See `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from tracker.store.tables import AccountRow


class PreferenceRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)  # the account's
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    track = fields.BooleanField()
    links = fields.BooleanField()
    per_recipient = fields.BooleanField()
    undo_seconds = fields.IntField()
    documents = fields.BooleanField(db_default=False)
    remind_unopened_days = fields.IntField(db_default=0)
    remind_unanswered_days = fields.IntField(db_default=0)
    ticks = fields.BooleanField(db_default=True)

    class Meta:
        table = "preference"


class OrderRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    key = fields.CharField(max_length=255)
    asked_at = fields.BigIntField()
    not_before = fields.BigIntField()
    due_at = fields.BigIntField()  # when it may be taken: not before it is to begin, not before a lease or a pause ends
    lease = fields.CharField(max_length=64, null=True)
    draft_id = fields.TextField(null=True)
    mark = fields.CharField(max_length=64, null=True)
    links = fields.BooleanField()
    per_recipient = fields.BooleanField()
    level = fields.CharField(max_length=16)
    state = fields.CharField(max_length=16)
    message_id = fields.CharField(max_length=64, null=True)
    failure = fields.TextField(null=True)
    draft_version = fields.TextField(null=True)
    cue = fields.TextField(null=True)
    documents = fields.BooleanField(db_default=False)
    subject = fields.TextField(null=True)
    recipient = fields.TextField(null=True)  # folded, so that it can be erased
    mail = fields.TextField(null=True)  # sealed; gone once the order is over

    class Meta:
        table = "send_order"
        unique_together = (("account", "key"),)
        indexes = (
            Index(fields=("state", "due_at"), name="send_order_waiting"),
            Index(fields=("account_id", "asked_at"), name="send_order_of_account"),
        )
