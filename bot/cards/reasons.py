"""Why something was not done, in a line under its card or beside a form's field."""

from bot.cards.drafts import title

NUDGE_ASLEEP = (
    "Gmail does not answer just now. Try again in a minute: there will be one draft, however often you press."
)
NUDGE_WITHDRAWN = (
    "Google no longer lets Twotick into this mailbox. Connect it again with /opens connect, then try again."
)
FORM_ASLEEP = "Gmail does not answer just now. Press Send tracked again in a minute: it goes out once."
FORM_WITHDRAWN = "Google no longer lets Twotick into this mailbox. Type /opens connect, then send it again."
FORM_ONLY_SENDING = (
    "Google does not let Twotick write a draft in this mailbox: a box was left unticked when it was connected."
    " Type /opens connect, choose this address, and leave every box ticked."
)
FORM_PAST = "This time is past. Choose a later one, or none to send it now."
NO_REMINDER = "Do not remind me"
NO_NUMBERS = "The numbers cannot be told just now"
NOT_MUTED, WHICH_MUTE = "That is not muted.", "Which one?"


def no_such_number(number: int) -> str:
    return f"There is no draft {number}. These are the latest:"


def no_such_draft(words: str) -> str:
    return f"No draft is called “{title(words)}”. These are the latest:"


def several_drafts(number: int, words: str) -> str:
    return f"{number} drafts with “{title(words)}”"
