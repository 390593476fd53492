"""Sending a digest where the operator wants it: by mail, chat or webhook, with apprise.

``CLINICWATCH_NOTIFY`` holds the addresses, set apart by spaces, in apprise's form. They hold passwords and tokens:
none of them is ever printed or logged, errors name them by number.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from pipelines.model.errors import ClinicwatchError, UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from crawler.notify.digest import Digest

NOTIFY = "CLINICWATCH_NOTIFY"
DESK = "CLINICWATCH_URL"  # where people open the change desk, for a link in the digest
MISSING = f"{NOTIFY} is set, but apprise is not installed: pip install -e '.[notify]' in the folder of clinicwatch"


class NotSentError(ClinicwatchError):
    """Raised when a digest did not reach everybody; what it would have told is told again by the next one."""


def addresses() -> tuple[str, ...]:
    """Read where digests go; none where nobody asked for them."""
    return tuple(os.environ.get(NOTIFY, "").split())


def check_addresses() -> None:
    """Raise :class:`UsageError` where digests are asked for and cannot be sent: before a crawl, not after it."""
    told = addresses()
    if told:
        apprise = load_apprise()
        for number, address in enumerate(told, 1):
            if not apprise.Apprise().add(address):
                raise UsageError(f"{NOTIFY}: address {number} of {len(told)} is not one that apprise knows")


def load_apprise() -> ModuleType:
    """Load apprise, which a crawl needs only to send digests; its own log, which names addresses, is silenced."""
    try:
        import apprise  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise UsageError(MISSING) from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return apprise


def send(digest: Digest) -> int:
    """Send a digest to every address; gives how many there are.

    Raises :class:`NotSentError` where one of them did not take it.
    """
    from crawler.notify.digest import markdown  # noqa: PLC0415 - not before it is known that something is sent

    apprise = load_apprise()
    told = addresses()
    failed = []
    for number, address in enumerate(told, 1):
        one = apprise.Apprise()
        added = one.add(address)
        if not added or not one.notify(
            title=digest.subject, body=markdown(digest), body_format=apprise.NotifyFormat.MARKDOWN
        ):
            failed.append(str(number))
    if failed:
        raise NotSentError(f"the digest was not taken by address {', '.join(failed)} of {NOTIFY}; it is sent again")
    return len(told)
