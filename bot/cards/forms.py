"""The forms to send a tracked mail: a draft that is picked, or a short mail that is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import Block, Choices, actions, button, section
from bot.cards.drafts import trouble_lines
from bot.plaintext import escape, one_line
from bot.surfaces import Modal, checkboxes, field, menu, moment_input, text_input
from tracker.letters import Letter
from tracker.model import Account
from tracker.picking import Shelf
from tracker.wishes import Preferences

PICK, WRITE = "pick_draft", "write_mail"  # the forms, by the names under which they are handed in
WRITE_INSTEAD, PICK_INSTEAD = "write_instead", "pick_instead"
_TITLE = "Send a tracked mail"
_MOST_SUBJECT = 200
_OPTIONS = {
    "links": "Track links, too",
    "each": "One mail to each recipient",
    "documents": "Attachments as links",
}

Fields = Mapping[str, Mapping[str, Mapping[str, object]]]  # a form's state: block, action, and what was filled in

_BLANK = Letter("", "", "")
_TO = " · to "


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in: a letter or a picked draft, and how it is to go out.

    The names of the draft are those that it had in the form, shortened.
    """

    letter: Letter = _BLANK
    account_id: str = ""
    draft_id: str = ""
    draft_subject: str = ""
    draft_to: str = ""
    options: frozenset[str] = frozenset()
    at: int = 0  # in epoch seconds; 0 is at once


def asked_in(fields: Fields) -> Asked:
    """What a form's state says. Names: https://docs.slack.dev/reference/views#view-state"""

    def text(name: str) -> str:
        return str(_state(fields, name).get("value") or "")

    account_id, _, draft_id = _chosen(fields, "draft").partition(":")
    subject, _, to = _label(fields, "draft").rpartition(_TO)
    at = _state(fields, "at").get("selected_date_time")
    ticked = _state(fields, "options").get("selected_options")
    return Asked(
        letter=Letter(text("to"), text("subject"), text("text")),
        account_id=account_id or _chosen(fields, "account"),
        draft_id=draft_id,
        draft_subject=subject,
        draft_to=to.partition(" · ")[0],
        options=frozenset(str(one.get("value")) for one in ticked) if isinstance(ticked, list) else frozenset(),
        at=at if isinstance(at, int) else 0,
    )


def pick_form(shelves: Sequence[Shelf], preferences: Preferences, memory: str = "") -> Modal:
    """Gmail's latest drafts to choose from, and how the chosen one is to go out."""
    choices = list(_drafts(shelves))
    troubles = [section(*trouble_lines(shelf)) for shelf in shelves if shelf.trouble]
    other = actions(button("Write a short mail instead", WRITE_INSTEAD, "new"))
    if not choices:
        none = section("*No drafts in Gmail*", "Save one there, with a recipient, or write a short mail here.")
        return Modal(_TITLE, (*(troubles or [none]), other), memory=memory)
    return Modal(
        _TITLE,
        (
            *troubles,
            field("draft", "Gmail draft", menu(choices, choices[0][1] if len(choices) == 1 else "")),
            _options_field(preferences, documents=True),
            _at_field(),
            other,
        ),
        submit="Send tracked",
        form=PICK,
        memory=memory,
    )


def write_form(
    accounts: Sequence[Account], preferences: Preferences, asked: Asked, problem: str = "", memory: str = ""
) -> Modal:
    """A short mail to fill in; `problem` says why one that was handed in did not go out."""
    letter = asked.letter
    mailboxes: Choices = [(account.email, account.id) for account in accounts]
    chosen = asked.account_id or mailboxes[0][1]
    several = [field("account", "From", menu(mailboxes, chosen))] if len(accounts) > 1 else []
    return Modal(
        _TITLE,
        (
            *([section(f"⚠️ *Not sent.* {escape(problem, 400)}")] if problem else []),
            *several,
            field("to", "To", text_input(letter.to, example="ada@acme.com, grace@acme.com", most=2000)),
            field("subject", "Subject", text_input(letter.subject, most=_MOST_SUBJECT)),
            field("text", "Text", text_input(letter.text, lines=True)),
            _options_field(preferences, documents=False),
            _at_field(asked.at),
            actions(button("Pick a Gmail draft instead", PICK_INSTEAD, "new")),
        ),
        submit="Send tracked",
        form=WRITE,
        memory=memory,
    )


def sending_modal(memory: str = "") -> Modal:
    """While Gmail takes its time over a mail that was handed in."""
    return Modal(
        _TITLE,
        (
            section(
                "*Laying it into Gmail…*",
                "Nothing goes out before this says so. If it never does, the mail is in Gmail's Drafts.",
            ),
        ),
        memory=memory,
    )


def _drafts(shelves: Sequence[Shelf]) -> Iterator[tuple[str, str]]:
    """Drafts that are to somebody, and not on their way already."""
    for shelf in shelves:
        mailbox = f" · {shelf.account.email}" if len(shelves) > 1 else ""
        for offer in shelf.offers:
            if offer.draft.to and not (offer.order and not offer.order.over):
                named = f"{one_line(offer.draft.subject, 40) or '(no subject)'}{_TO}{one_line(offer.draft.to, 24)}"
                yield one_line(named + mailbox, 75), f"{shelf.account.id}:{offer.draft.id}"


def _options_field(preferences: Preferences, *, documents: bool) -> Block:
    on = {"links": preferences.links, "each": preferences.per_recipient, "documents": preferences.documents}
    shown = [(words, name) for name, words in _OPTIONS.items() if documents or name != "documents"]
    return field("options", "How", checkboxes(shown, [name for name in on if on[name]]), optional=True)


def _at_field(at: int = 0) -> Block:
    return field("at", "When", moment_input(at), hint="Leave it empty to send it now.", optional=True)


def _state(fields: Fields, name: str) -> Mapping[str, object]:
    return (fields.get(name) or {}).get(name) or {}


def _chosen(fields: Fields, name: str) -> str:
    option = _state(fields, name).get("selected_option")
    return str(option.get("value") or "") if isinstance(option, dict) else ""


def _label(fields: Fields, name: str) -> str:
    option = _state(fields, name).get("selected_option")
    text = option.get("text") if isinstance(option, dict) else None
    return str(text.get("text") or "") if isinstance(text, dict) else ""
