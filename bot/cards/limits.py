"""What each command takes, and how far: said with every refusal of it."""

LIMITS = {
    "unopened": "It takes an age of up to 60 days: `12h`, `3d` or `2w`.",
    "stats": "It looks back from 1 hour to 180 days: `12h`, `30d` or `2w`.",
    "send": (
        "It takes a draft's number from 1 to 999, or words of its subject in quotes; then `links`, `each`, and a day"
        " and time of the next year: `tomorrow at 9:00`."
    ),
    "remind": "It takes a time from 1 hour to 180 days (`12h`, `3d`, `2w`) and words of the mail, or `off` and words.",
    "stop": "It takes words of the mail: out of its subject, a name or an address.",
    "mute": (
        "It takes an address, a domain, words of a mail or `all`; then how long, from 1 minute to 365 days (`2h`,"
        " `30d`), or until when (`until monday at 9:00`), or nothing: for good."
    ),
    "unmute": "It takes an address, a domain, words of a mail or `all`.",
    "quiet": "It takes two different times from 0:00 to 23:59, or `weekends`, or `off`.",
    "digest": "It takes `daily` (on weekdays), `weekly` (on Mondays) or `off`, and a time from 0:00 to 23:59.",
    "repeats": "It takes `on` or `off`.",
    "channel": "It takes one channel, and perhaps `hide`; or `off`.",
    "share": (
        "It takes words of one mail and a channel, and perhaps `hide`, which leaves out the subject; nothing shows what"
        " you share."
    ),
    "connect": "It takes `full`, `send`, or nothing.",
    "disconnect": "It takes one of your addresses, or nothing.",
    "forget": "It takes one whole address.",
}


def limit_of(example: str) -> str:
    """What the command of an example takes; nothing for one that takes nothing."""
    words = example.split()
    return LIMITS.get(words[1], "") if len(words) > 1 else ""
