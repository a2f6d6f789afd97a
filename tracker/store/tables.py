"""The tables, from which the migrations are made. Rows never leave this package.

Moments are whole microseconds since 1970 in UTC: both databases then compare
them alike, where SQLite would compare dates as text. Names of rows are our own
texts, made before they are written. No foreign key gets an index by itself.
"""

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model


class AccountRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    email = fields.TextField()
    email_key = fields.CharField(max_length=320, unique=True)  # the address in lower case
    slack_user = fields.CharField(max_length=64)
    slack_team = fields.CharField(max_length=64)
    state = fields.CharField(max_length=16)
    refresh_token = fields.TextField()  # sealed
    history_mark = fields.TextField(null=True)
    synced_at = fields.BigIntField(null=True)
    profile = fields.CharField(max_length=16, null=True)  # what its owner granted, where that was noted
    delegated = fields.BooleanField(db_default=False)
    told_at = fields.BigIntField(null=True)  # when Gmail last told of news
    heeded_at = fields.BigIntField(null=True)  # the last telling that we looked after
    watched_until = fields.BigIntField(null=True)
    watched_topic = fields.TextField(null=True)
    watch_due_at = fields.BigIntField(null=True)  # when the watch is to be renewed; nothing: at once
    look_through = fields.TextField(null=True)  # JSON: how far a look through the mailbox came

    class Meta:
        table = "account"
        indexes = (Index(fields=("slack_user",), name="account_of_slack_user"),)


class MessageRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    source = fields.CharField(max_length=255)
    subject = fields.TextField()
    created_at = fields.BigIntField()
    links = fields.BooleanField()
    per_recipient = fields.BooleanField()
    level = fields.CharField(max_length=16)
    state = fields.CharField(max_length=16)
    sent_at = fields.BigIntField(null=True)
    untracked = fields.TextField(null=True)
    stopped_at = fields.BigIntField(null=True)
    documents = fields.BooleanField(db_default=False)
    left_attached = fields.TextField(null=True)
    words = fields.TextField()  # subject, names and addresses in lower case, for searching
    version = fields.IntField(db_default=0)  # grows with every write that a recorder must not overwrite

    class Meta:
        table = "message"
        unique_together = (("account", "source"),)
        indexes = (
            Index(fields=("account_id", "created_at"), name="message_latest"),
            Index(fields=("created_at",), name="message_oldest"),
            Index(fields=("state", "created_at"), name="message_in_state"),
        )


class CopyRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    message: fields.ForeignKeyRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow")
    message_id: str
    place = fields.IntField()  # its place among the message's copies
    recipients = fields.TextField()  # JSON: [[address, name, mail system], …]; the first ones lack the system
    draft_id = fields.TextField(null=True)
    attempted_at = fields.BigIntField(null=True)
    sent_at = fields.BigIntField(null=True)
    gmail_id = fields.TextField(null=True)
    thread_id = fields.TextField(null=True)
    rfc_message_id = fields.TextField(null=True)
    recipient_mx = fields.TextField()
    # The summary: what the hits add up to.
    opens = fields.IntField()
    clicks = fields.IntField()
    machines = fields.IntField()
    unsure = fields.IntField()
    first_open_at = fields.BigIntField(null=True)
    last_open_at = fields.BigIntField(null=True)
    first_click_at = fields.BigIntField(null=True)
    last_click_at = fields.BigIntField(null=True)
    last_client = fields.TextField()
    last_reason = fields.TextField()
    last_hit_at = fields.BigIntField(null=True)
    last_place = fields.TextField(db_default="")
    passed_on = fields.TextField(db_default="")
    replied_at = fields.BigIntField(null=True)
    bounced_at = fields.BigIntField(null=True)
    links_total = fields.IntField(db_default=0)
    heat_at = fields.BigIntField(null=True)  # when it last became hot
    heat_openings = fields.IntField(db_default=0)
    heat_pause = fields.BigIntField(db_default=0)  # microseconds
    tick_due = fields.SmallIntField(db_default=0)  # 1 while its conversation's tick is to be looked at

    class Meta:
        table = "copy"
        indexes = (
            Index(fields=("message_id", "place"), name="copy_of_message"),
            Index(fields=("gmail_id",), name="copy_in_gmail"),
            Index(fields=("thread_id",), name="copy_in_thread"),
            Index(fields=("rfc_message_id",), name="copy_of_message_id"),
            Index(fields=("heat_at",), name="copy_hot"),
            PartialIndex(fields=("id",), name="copy_tick_due", condition={"tick_due": 1}),
        )


class HitRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    copy: fields.ForeignKeyRelation[CopyRow] = fields.ForeignKeyField("store.CopyRow")
    copy_id: str
    at = fields.BigIntField()
    kind = fields.CharField(max_length=16)
    method = fields.TextField()
    ip = fields.TextField(null=True)
    headers = fields.TextField(null=True)  # JSON; destroyed with `ip` while the verdict stays
    is_raw = fields.SmallIntField()  # 1 while `ip` and `headers` are kept
    link = fields.TextField(null=True)
    cause = fields.CharField(max_length=16)
    confidence = fields.FloatField()
    reason = fields.TextField()
    rules = fields.TextField()  # JSON
    ruleset = fields.TextField()
    client = fields.TextField()
    place = fields.TextField(db_default="")

    class Meta:
        table = "hit"
        indexes = (
            Index(fields=("copy_id", "at"), name="hit_of_copy"),
            PartialIndex(fields=("at",), name="hit_raw", condition={"is_raw": 1}),
        )


class AlertRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    key = fields.CharField(max_length=255, unique=True)
    topic = fields.CharField(max_length=128)
    kind = fields.CharField(max_length=16)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    message: fields.ForeignKeyNullableRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow", null=True)
    message_id: str | None
    copy_id = fields.CharField(max_length=64, null=True)
    hit_id = fields.CharField(max_length=64, null=True)
    order_id = fields.CharField(max_length=64, null=True)
    crowd_id = fields.CharField(max_length=64, null=True)
    due_at = fields.BigIntField()
    held_until = fields.BigIntField(null=True)  # leased or deferred till then, and its whole topic with it
    held_at = fields.BigIntField(null=True)  # when it was leased: a lease from the future is a clock that jumped
    lease = fields.CharField(max_length=64, null=True)
    tries = fields.IntField()
    refusals = fields.IntField()  # tries of which we know that nothing was said
    done_at = fields.BigIntField(null=True)  # said, or buried
    buried = fields.TextField(null=True)  # why it can never be said
    is_buried = fields.SmallIntField(db_default=0)
    blind = fields.SmallIntField(db_default=0)  # 1 when it may have been said twice: Slack could not tell us

    class Meta:
        table = "alert"
        indexes = (
            Index(fields=("done_at", "due_at"), name="alert_waiting"),
            Index(fields=("topic",), name="alert_of_topic"),
            Index(fields=("message_id",), name="alert_of_message"),
            Index(fields=("account_id",), name="alert_of_account"),
            Index(fields=("crowd_id",), name="alert_of_crowd"),
            PartialIndex(fields=("done_at",), name="alert_buried", condition={"is_buried": 1}),
            PartialIndex(fields=("done_at",), name="alert_blind", condition={"blind": 1}),
        )


class PostRow(Model):
    topic = fields.CharField(max_length=128, primary_key=True)
    channel = fields.TextField()
    ts = fields.TextField()
    turn = fields.IntField(db_default=0)
    drawn_at = fields.BigIntField(null=True)
    told_at = fields.BigIntField(null=True)
    line_at = fields.BigIntField(null=True)
    message_id = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "post"
        indexes = (Index(fields=("message_id",), name="post_of_message"),)


class CorrectionRow(Model):
    hit_id = fields.CharField(max_length=64, primary_key=True)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    cause = fields.CharField(max_length=16)
    network = fields.TextField()
    client = fields.TextField()
    at = fields.BigIntField()

    class Meta:
        table = "correction"
        indexes = (
            Index(fields=("account_id", "at"), name="correction_of_account"),
            Index(fields=("at",), name="correction_oldest"),
        )


class SenderAddressRow(Model):
    id = fields.CharField(max_length=128, primary_key=True)  # account and address
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    ip = fields.TextField()
    seen_at = fields.BigIntField()

    class Meta:
        table = "sender_address"
        indexes = (
            Index(fields=("account_id",), name="sender_address_of_account"),
            Index(fields=("seen_at",), name="sender_address_oldest"),
        )


class MailDomainRow(Model):
    domain = fields.CharField(max_length=255, primary_key=True)
    mail_system = fields.CharField(max_length=64)
    until = fields.BigIntField()

    class Meta:
        table = "mail_domain"
        indexes = (Index(fields=("until",), name="mail_domain_oldest"),)


class LookRow(Model):
    """A moment at which a message's sender was seen looking at it."""

    id = fields.CharField(max_length=64, primary_key=True)
    message: fields.ForeignKeyRelation[MessageRow] = fields.ForeignKeyField("store.MessageRow")
    message_id: str
    at = fields.BigIntField()

    class Meta:
        table = "look"
        indexes = (
            Index(fields=("message_id", "at"), name="look_at_message"),
            Index(fields=("at",), name="look_oldest"),
        )


class AnswerRow(Model):
    """Something that came back about a copy."""

    id = fields.CharField(max_length=64, primary_key=True)
    copy: fields.ForeignKeyRelation[CopyRow] = fields.ForeignKeyField("store.CopyRow")
    copy_id: str
    gmail_id = fields.TextField()
    kind = fields.CharField(max_length=16)
    who = fields.TextField()
    at = fields.BigIntField()
    why = fields.TextField()

    class Meta:
        table = "answer"
        indexes = (Index(fields=("copy_id", "at"), name="answer_about_copy"),)


class SavedDraftRow(Model):
    id = fields.CharField(max_length=128, primary_key=True)  # account and Gmail's name of the mail
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("store.AccountRow")
    account_id: str
    gmail_id = fields.TextField()
    saved_at = fields.BigIntField()

    class Meta:
        table = "saved_draft"
        indexes = (Index(fields=("account_id", "saved_at"), name="saved_draft_of_account"),)


class InvitationRow(Model):
    """A link to connect a mailbox that was followed, and by which browser: it is good for no other."""

    id = fields.CharField(max_length=64, primary_key=True)
    browser = fields.CharField(max_length=64)
    until = fields.BigIntField()
    done = fields.BooleanField(db_default=False)

    class Meta:
        table = "invitation"
        indexes = (Index(fields=("until",), name="invitation_oldest"),)
