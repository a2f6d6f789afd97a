"""What people do in Gmail itself: write, press Send, read, answer, and have years of mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.standins import gmail_mime as mime
from tests.standins import gmail_post as post
from tests.standins import gmail_writing as writing
from tests.standins.gmail_mailbox import Mailbox, StoredMessage

_A_YEAR_MS = int(timedelta(days=365).total_seconds() * 1000)


class Hands:
    """The owners' hands on the stand-in's mailboxes. The stand-in itself gives the rest."""

    mailboxes: dict[str, Mailbox]

    def changed(self) -> None:
        raise NotImplementedError

    def now_ms(self) -> int:
        raise NotImplementedError

    def now(self) -> datetime:
        raise NotImplementedError

    def save_draft(self, email: str, raw: bytes, thread_id: str | None = None) -> str:
        """Save a draft as if its owner composed it in Gmail; its id."""
        box = self.mailboxes[email.lower()]
        draft_id = box.put_draft(None, post.stored_as_draft(raw, box), thread_id, self.now_ms())
        self.changed()
        return draft_id

    def compose(self, email: str, raw: bytes, markup: str = "", thread_id: str | None = None) -> str:
        """A compose window in which an add-on put markup at the cursor, autosaved; the draft's id."""
        return self.save_draft(email, writing.with_markup(mime.canonical(raw), markup), thread_id)

    def edit_draft(self, email: str, draft_id: str, raw: bytes) -> None:
        """Save a draft again, as an open compose window does."""
        box = self.mailboxes[email.lower()]
        thread = box.draft(draft_id).thread_id
        box.put_draft(draft_id, post.stored_as_draft(raw, box), thread, self.now_ms())
        self.changed()

    def press_send(self, email: str, draft_id: str) -> StoredMessage:
        """Gmail's own Send of a draft, after its composer rewrote it."""
        box = self.mailboxes[email.lower()]
        draft = box.draft(draft_id)
        sent = post.send(self, box, writing.rewritten(draft.raw), draft.thread_id)  # type: ignore[arg-type]
        box.drop_draft(draft_id)
        self.changed()
        return sent

    def send(self, email: str, raw: bytes, thread_id: str | None = None) -> StoredMessage:
        """Send a mail as its owner would from Gmail itself. Raises GoogleError where Gmail would refuse."""
        box = self.mailboxes[email.lower()]
        sent = post.send(self, box, raw, box.thread_for(raw, thread_id))  # type: ignore[arg-type]
        self.changed()
        return sent

    def reply(self, email: str, message_id: str, text: str) -> StoredMessage:
        """Answer a mail in this mailbox, quoting it whole: whatever pixel was in it is in the answer too."""
        box = self.mailboxes[email.lower()]
        answered = box.find(message_id)
        sender = f"{box.name} <{box.email}>" if box.name else box.email
        return self.send(email, writing.reply_to(answered.raw, sender, text, self.now()), answered.thread_id)

    def delete_draft(self, email: str, draft_id: str) -> None:
        """Discard a draft as its owner would."""
        self.mailboxes[email.lower()].drop_draft(draft_id)
        self.changed()

    def delete(self, email: str, message_id: str) -> None:
        """Delete a mail for good, as emptying the bin does."""
        self.mailboxes[email.lower()].drop(message_id)
        self.changed()

    def mark_read(self, email: str, message_id: str) -> None:
        box = self.mailboxes[email.lower()]
        box.relabel(message_id, [label for label in box.messages[message_id].label_ids if label != "UNREAD"])
        self.changed()

    def add_label(self, email: str, name: str) -> str:
        """Make a label as its owner would; its id."""
        label_id = f"Label_{len(self.mailboxes[email.lower()].labels) + 1}"
        shown = {"messageListVisibility": "show", "labelListVisibility": "labelShow", "type": "user"}
        self.mailboxes[email.lower()].labels[label_id] = {"id": label_id, "name": name, **shown}
        self.changed()
        return label_id

    def rename_label(self, email: str, name: str, to: str) -> None:
        box = self.mailboxes[email.lower()]
        box.labels[box.label_named(name)]["name"] = to
        self.changed()

    def hide_label(self, email: str, name: str) -> None:
        """Show a label neither among the labels nor on the mails."""
        box = self.mailboxes[email.lower()]
        box.labels[box.label_named(name)].update(messageListVisibility="hide", labelListVisibility="labelHide")
        self.changed()

    def delete_label(self, email: str, name: str) -> None:
        """Delete a label, which takes it off every mail."""
        box = self.mailboxes[email.lower()]
        label_id = box.label_named(name)
        for mail in box.labelled(label_id):
            box.relabel(mail.id, [label for label in mail.label_ids if label != label_id])
        del box.labels[label_id]
        self.changed()

    def add_alias(self, email: str, alias: str, name: str = "") -> None:
        """Let this mailbox send from another address, whose owner confirmed it."""
        self.mailboxes[email.lower()].aliases[alias.lower()] = name
        self.changed()

    def fill(self, email: str, number: int) -> None:
        """Give a mailbox this many sent mails from the year before; its history knows nothing of them."""
        box = self.mailboxes[email.lower()]
        for mail, rfc_message_id in _old_mails(box, number, self.now_ms()):
            box.keep(mail, rfc_message_id)
        box.history.forget()
        self.changed()


def _old_mails(box: Mailbox, number: int, now_ms: int) -> Iterator[tuple[StoredMessage, str]]:
    for place in range(number):
        at = now_ms - _A_YEAR_MS + place * _A_YEAR_MS // (number + 1)
        name, rfc_message_id = f"{at:011x}{place:05x}"[-16:], f"<old{place}@{box.email.partition('@')[2]}>"
        raw = (
            f"From: {box.email}\r\nTo: reader{place % 997}@old.example\r\nSubject: Old mail {place}\r\n"
            f"Message-ID: {rfc_message_id}\r\n\r\nLong ago.\r\n"
        )
        yield StoredMessage(name, name, ("SENT",), raw.encode(), at, box.history_id), rfc_message_id
