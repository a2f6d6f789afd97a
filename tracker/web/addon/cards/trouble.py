"""When there is nothing better to show: what happened, in words, and what to do."""

from tracker.web.addon.cards.widgets import Json, card, section, words


def trouble_card() -> Json:
    return card("Twotick", "", section("", words("Something went wrong on our side. Please try again in a minute.")))


def late_card() -> Json:
    """The database did not answer in time. What was pressed may have been done: pressing it again does it once."""
    told = (
        "Twotick is slow right now and could not answer in time. What you pressed may have worked all the same:"
        " open the add-on again in a few seconds to see. Pressing again does nothing twice."
    )
    return card("Twotick", "", section("One moment", words(told)))


def unasked_card() -> Json:
    """Google did not tell who asks: the person has not agreed to it yet."""
    told = (
        "Google did not tell Twotick who you are. Open this add-on once more and allow it to see your e-mail address:"
        " nothing of yours is shown without it."
    )
    return card("Twotick", "", section("Who are you?", words(told)))


def gone_card() -> Json:
    return card("Twotick", "", section("", words("This is not known any more. It may have been erased meanwhile.")))
