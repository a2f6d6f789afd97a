"""The tokens that Google sends along when it calls somebody, and the ones that somebody forges."""

from datetime import datetime, timedelta
from typing import Any

from tests.standins.gmail_signing import SigningKey, claims_for, foreign_key

ADDON_ACCOUNT = "service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"


class Minting:
    """`age` makes a token of some time ago: after an hour it is a replay. Claims by name replace Google's."""

    keys: list[SigningKey]

    def now(self) -> datetime:
        raise NotImplementedError

    def addon_token(self, audience: str, email: str = ADDON_ACCOUNT, **how: Any) -> str:
        """What an add-on's event carries as `systemIdToken`: Google itself called this URL."""
        return self._minted(audience, email, **how)

    def user_token(self, audience: str, email: str, **how: Any) -> str:
        """What an add-on's event carries as `userIdToken`: this user is at the add-on of this client."""
        return self._minted(audience, email, **how)

    def push_token(self, audience: str, email: str, **how: Any) -> str:
        """What a Pub/Sub push carries as its bearer token."""
        return self._minted(audience, email, **how)

    def _minted(
        self, audience: str, email: str, *, age: timedelta = timedelta(0), forged: bool = False, **claims: Any
    ) -> str:
        key = foreign_key() if forged else self.keys[0]
        return key.signed(claims_for(audience, email, self.now() - age, **claims))
