"""Every text of the schema was thought of: it may name a recipient, and is then emptied for them, or it never does."""

import importlib
import pkgutil

from tortoise import fields
from tortoise.models import Model

from tracker import store
from tracker.store.mentions import _PLACES

MODULES = [
    importlib.import_module(f"tracker.store.{module.name}")
    for module in pkgutil.iter_modules(store.__path__)
    if module.name.endswith("tables")
]
# Erased by what they are, not by what they say.
# A mail that waits to go out is sealed, and gone once its order is over: its sender still means to send it.
SEALED = {"send_order.mail"}
ERASED_OTHERWISE = {"copy.recipients", "message.words", "hit.link", "send_order.recipient", "mute.what"}
# Ours, Google's or Slack's names and marks; an account's own address; and what networks and programs say of themselves.
NAME_NOBODY = {
    *("account.email", "account.refresh_token", "account.history_mark", "account.watched_topic"),
    *("account.look_through", "send_order.cue", "send_order.draft_id", "send_order.draft_version"),
    *("copy.draft_id", "copy.gmail_id", "copy.thread_id", "copy.rfc_message_id", "copy.recipient_mx"),
    *("copy.last_client", "copy.last_reason", "copy.last_place", "copy.passed_on"),
    *("hit.method", "hit.ip", "hit.headers", "hit.reason", "hit.rules", "hit.ruleset", "hit.client", "hit.place"),
    *("post.channel", "post.ts", "correction.network", "correction.client", "sender_address.ip"),
    *("answer.gmail_id", "saved_draft.gmail_id", "shelved_document.kind", "noise.channel", "noise.channel_name"),
    *("nudge.draft_id", "installation.name", "installation.bot_token", "installation.scopes"),
    *("installation.refresh_token", "thread_tick.thread_id", "tick_mailbox.sent_label", "tick_mailbox.opened_label"),
    "export_offer.account_ids",
}


def texts_of_the_schema() -> set[str]:
    models = {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Model) and one is not Model
    }
    return {
        f"{model._meta.db_table}.{name}"
        for model in models
        for name, field in model._meta.fields_map.items()
        if isinstance(field, fields.TextField)
    }


def test_no_text_of_the_schema_is_overlooked_when_somebody_is_erased() -> None:
    emptied = {f"{place.table}.{text}" for place in _PLACES for text in place.texts} | ERASED_OTHERWISE

    assert texts_of_the_schema() - emptied - NAME_NOBODY - SEALED == set()
