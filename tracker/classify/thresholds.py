"""Every number that a rule weighs by, in one place. Seconds, unless the name says otherwise."""

PEOPLE_NEED_SECONDS = 3.0  # nobody receives, opens and loads a mail faster
GMAIL_EARLY_SECONDS = 20.0  # Gmail's proxy sooner than this may be warming a cache
MACHINES_COME_WITHIN_SECONDS = 60.0  # scanners look as mail arrives; people mostly later
DUPLICATE_SECONDS = 60.0  # Gmail's proxy asking again within this is the same look

BURST_SECONDS = 2.0
BURST_LINKS = 3  # distinct links within BURST_SECONDS
SAME_SECOND = 1.0  # two copies of one message, by one actor, this close
ALL_LINKS_SECONDS = 10.0  # every link of a message with at least BURST_LINKS of them
FAN_OUT_SECONDS = 60.0
FAN_OUT_COPIES = 3
SAME_ACTOR_SECONDS = 900.0  # a scanner's address stays suspect for this long

ONE_READING_SECONDS = 180.0  # what one reader fetches within this is one reading

AGENT_LIMIT = 1000  # characters; no honest agent is longer, and more is not looked at, so that none costs us time
STALE_CHROME_BELOW = 110
STALE_FIREFOX_BELOW = 100
STALE_SAFARI_BELOW = 12
