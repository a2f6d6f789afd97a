"""The add-on's addresses, each of which Google's token must name exactly."""

HOME = "/addon/home"
MESSAGE = "/addon/message"
COMPOSE = "/addon/compose"
SETTINGS = "/addon/settings"

PREFER = "/addon/prefer"
TRACK = "/addon/track"
SEND = "/addon/send"
TAKE_BACK = "/addon/take-back"
STOP = "/addon/stop"
SHOW = "/addon/show"
LOOK_AGAIN = "/addon/look-again"
REPLY = "/addon/reply"
REMIND = "/addon/remind"

TRIGGERS = (HOME, MESSAGE, COMPOSE, SETTINGS)
PRESSES = (PREFER, TRACK, SEND, TAKE_BACK, STOP, SHOW, LOOK_AGAIN, REPLY, REMIND)
