"""Our shortcuts in Slack, as its app is told of them and as they are called."""

SEND_TRACKED = "send_tracked"
SEND_AS_MAIL = "send_as_mail"
# Slack shows 24 characters of a name, and 150 of what it is for.
SHORTCUTS = (
    {
        "name": "Send a tracked mail",
        "type": "global",
        "callback_id": SEND_TRACKED,
        "description": "Send a Gmail draft, or a short mail, and hear when it is opened",
    },
    {
        "name": "Send as tracked mail",
        "type": "message",
        "callback_id": SEND_AS_MAIL,
        "description": "Send these words by mail, and hear when it is opened",
    },
)
