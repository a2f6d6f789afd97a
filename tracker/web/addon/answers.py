"""What Google wants to hear back, by what asked: a trigger, or something pressed on a card."""

from dataclasses import dataclass
from typing import Any

from tracker.lending import NewDraft

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an action comes to: a card to show, a word to say, a picture to put into the mail being written.

    `opened` is a draft for Gmail to open.
    """

    card: Json | None = None
    word: str = ""
    insert: str = ""
    changed: bool = False
    opened: NewDraft | None = None


def trigger_answer(answer: Answer) -> Json:
    """For Gmail opening the add-on by itself: a homepage, a message, a compose window."""
    return {"action": {"navigations": [{"pushCard": answer.card}]}}


def press_answer(answer: Answer) -> Json:
    """For something pressed on a card of ours."""
    action: Json = {}
    if answer.card:
        action["navigations"] = [{"updateCard": answer.card}]
    if answer.word:
        action["notification"] = {"text": answer.word}
    rendered: Json = {"action": action}
    if answer.insert:
        rendered["hostAppAction"] = {"gmailAction": {"updateDraftActionMarkup": _insertion(answer.insert)}}
    if answer.opened:
        rendered["hostAppAction"] = {"gmailAction": {"openCreatedDraftActionMarkup": _opening(answer.opened)}}
    return {"renderActions": rendered, "stateChanged": answer.changed}


def _insertion(html: str) -> Json:
    contents = [{"content": html, "contentType": "MUTABLE_HTML"}]
    return {"updateBody": {"insertContents": contents, "type": "IN_PLACE_INSERT"}}


def _opening(draft: NewDraft) -> Json:
    return {"draftId": draft.id, "draftThreadId": draft.thread_id}
