"""How what we ask of the outside may fail, each named for what the caller should do."""


class Unrecordable(Exception):
    """The intake cannot make a hit durable now. Answer the fetch all the same, and count the hit as not stored."""


class Refused(Exception):
    """Gmail understood and will not do it: trying again changes nothing. The text says why, for the sender."""


class Missing(Refused):
    """The draft or message is not there: deleted, or (a draft) sent."""


class TryLater(Exception):
    """No answer, or a passing one. What was asked may have been done: look before doing it again."""


class Undone(TryLater):
    """A passing failure, and what was asked was certainly not done: it can be done again without looking."""


class InDoubt(Refused):
    """A mail may be out or not. Only its sender can tell, by a look into Gmail's Sent folder: never send it again."""


class NotAuthorized(Exception):
    """Google withdrew the grant: only the account's owner can give it again."""


class Stale(Exception):
    """What was read has changed since: read again, decide again, write again."""


class NotGenuine(Exception):
    """A token that its issuer did not make, that is for somebody else, or that is over."""
