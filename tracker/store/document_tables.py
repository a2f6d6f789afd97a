"""The tables of documents. They stand apart from the others as files do from facts."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from tracker.store.tables import MessageRow


class DocumentRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    message: fields.ForeignKeyRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow")
    message_id: str
    name = fields.TextField()
    kind = fields.TextField()
    size = fields.BigIntField()
    put_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    whole = fields.SmallIntField()  # 1 once every piece is there

    class Meta:
        table = "shelved_document"
        indexes = (
            Index(fields=("message_id",), name="shelved_of_message"),
            Index(fields=("expires_at",), name="shelved_oldest"),
        )


class DocumentPieceRow(Model):
    id = fields.CharField(max_length=96, primary_key=True)  # the document and its place
    document: fields.ForeignKeyRelation[DocumentRow] = fields.ForeignKeyField("store.DocumentRow")
    document_id: str
    data = fields.BinaryField()  # sealed

    class Meta:
        table = "shelved_piece"
        indexes = (Index(fields=("document_id",), name="shelved_piece_of"),)
