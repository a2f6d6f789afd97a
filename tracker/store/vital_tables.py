"""The tables of signs of life and of exports. Rows never leave this package; see `tables` for the rest."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class HeartbeatRow(Model):
    """When a process was alive last."""

    id = fields.CharField(max_length=64, primary_key=True)  # its name
    at = fields.BigIntField()

    class Meta:
        table = "heartbeat"


class ExportOfferRow(Model):
    """An export that whoever knows a secret may fetch once; its name is the secret's hash."""

    id = fields.CharField(max_length=64, primary_key=True)
    account_ids = fields.TextField()  # JSON
    until = fields.BigIntField()

    class Meta:
        table = "export_offer"
        indexes = (Index(fields=("until",), name="export_offer_oldest"),)
