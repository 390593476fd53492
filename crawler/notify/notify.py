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
SERVER = "CLINICWATCH_URL"  # where people open the corpus with Datasette, for a link in the digest
MISSING = f"{NOTIFY} is set, but apprise is not installed: pip install -e '.[notify]' in the folder of clinicwatch"


class NotSentError(ClinicwatchError):
    """Raised when a digest did not reach everybody; the next one holds again what was in it."""


def addresses() -> tuple[str, ...]:
    """Read where digests go; none where none are wanted."""
    return tuple(os.environ.get(NOTIFY, "").split())


def check_addresses() -> None:
    """Raise :class:`UsageError` where digests are wanted and cannot be sent: before a crawl, not after it."""
    named = addresses()
    if named:
        apprise = load_apprise()
        for number, address in enumerate(named, 1):
            if not apprise.Apprise().add(address):
                raise UsageError(f"{NOTIFY}: address {number} of {len(named)} is not one that apprise knows")


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
    named = addresses()
    text, failed = markdown(digest), []
    for number, address in enumerate(named, 1):
        service = apprise.Apprise()
        taken = service.add(address) and service.notify(
            title=digest.subject, body=text, body_format=apprise.NotifyFormat.MARKDOWN
        )
        if not taken:
            failed.append(str(number))
    if failed:
        raise NotSentError(f"the digest was not taken by address {', '.join(failed)} of {NOTIFY}; it is sent again")
    return len(named)
