"""Who takes mail for a domain, and what was learnt of that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KnownSystem:
    """The class of a domain's mail system, to be believed until then."""

    mail_system: str
    until: datetime


class MailSystemBook(Protocol):
    """What was learnt of domains' mail systems, so that each is looked up once."""

    async def known(self, domains: Collection[str], now: datetime) -> Mapping[str, str]:
        """The classes of those of these domains that are still to be believed."""

    async def keep(self, systems: Mapping[str, KnownSystem], now: datetime) -> None:
        """Remember these, and forget what is no longer to be believed. Domains are at most 253 characters."""


class MailSystems(Protocol):
    async def of(self, domains: Collection[str]) -> Mapping[str, str]:
        """The class of each domain's mail system ("google", "gateway:proofpoint", "other"), "unknown" where none is.

        Never raises, and never takes longer than sending a mail may wait.
        """
