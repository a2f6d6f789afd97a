"""The tables of ticks in Gmail. Rows never leave this package; see `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from tracker.store.tables import AccountRow, CopyRow


class ThreadTickRow(Model):
    """What Gmail shows of a conversation with tracked mails, and when to look at it again."""

    id = fields.CharField(max_length=255, primary_key=True)  # account and conversation
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    # One of its copies, so that nothing of a conversation outlives its mails.
    copy: fields.ForeignKeyRelation[CopyRow] = fields.ForeignKeyField("store.CopyRow")
    copy_id: str
    thread_id = fields.TextField()
    shown = fields.CharField(max_length=16)
    version = fields.IntField()  # grows with every change that bears on it
    due_at = fields.BigIntField(null=True)  # null while nothing is to be done
    lease = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "thread_tick"
        indexes = (
            Index(fields=("due_at",), name="thread_tick_due"),
            Index(fields=("account_id", "due_at"), name="thread_tick_of_account"),
            Index(fields=("copy_id",), name="thread_tick_of_copy"),
        )


class TickMailboxRow(Model):
    """A mailbox's labels; "" for one that its owner deleted."""

    id = fields.CharField(max_length=64, primary_key=True)  # the account's
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    sent_label = fields.TextField(null=True)
    opened_label = fields.TextField(null=True)
    refused = fields.BooleanField()
    failures = fields.IntField()
    paused_until = fields.BigIntField(null=True)

    class Meta:
        table = "tick_mailbox"
