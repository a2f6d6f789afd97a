"""Recipients with the mail systems that take their mail."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.mail_systems import UNKNOWN, common_system
from tracker.model import Copy, Recipient
from tracker.ports import MailSystems


async def addressed(
    recipients: Sequence[Recipient], mail_systems: MailSystems, known: Iterable[Recipient] = ()
) -> tuple[Recipient, ...]:
    """The recipients, each with the class of their mail system; what is known of their domains is not asked again."""
    systems = {_domain(one): one.mail_system for one in known}
    asked = {_domain(one) for one in recipients} - systems.keys()
    if asked:
        systems.update(await mail_systems.of(asked))
    return tuple(replace(one, mail_system=systems.get(_domain(one), UNKNOWN)) for one in recipients)


def taken_by(copy: Copy, recipients: tuple[Recipient, ...]) -> Copy:
    """The copy for these recipients, whose mail systems are looked up."""
    return replace(copy, recipients=recipients, recipient_mx=common_system([one.mail_system for one in recipients]))


def _domain(recipient: Recipient) -> str:
    return recipient.address.rpartition("@")[2].lower()
