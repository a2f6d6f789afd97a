"""The tables of reminders and nudges. Rows never leave this package; see `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from tracker.store.tables import CopyRow, MessageRow


class ReminderRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    message: fields.ForeignKeyRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow")
    message_id: str
    kind = fields.CharField(max_length=16)
    set_at = fields.BigIntField()
    after_seconds = fields.BigIntField()
    due_at = fields.BigIntField()
    by_hand = fields.BooleanField()
    state = fields.CharField(max_length=16)

    class Meta:
        table = "reminder"
        unique_together = (("message", "kind"),)
        indexes = (Index(fields=("state", "due_at"), name="reminder_waiting"),)


class NudgeRow(Model):
    """The latest draft that was made, or begun, to nudge a copy's recipients."""

    id = fields.CharField(max_length=64, primary_key=True)  # the copy's
    copy: fields.ForeignKeyRelation[CopyRow] = fields.ForeignKeyField("store.CopyRow")
    copy_id: str
    number = fields.IntField()
    draft_id = fields.TextField(null=True)

    class Meta:
        table = "nudge"
        indexes = (Index(fields=("copy_id",), name="nudge_of_copy"),)
