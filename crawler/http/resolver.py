"""Host names resolved to public addresses only, IPv4 and IPv6: the guard against names that point inward.

A public name may resolve to 127.0.0.1 or to 10.0.0.7, by mistake or in order to reach what only we can reach, and may
do so at the second look-up only. So the answer that is connected to is the answer that is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.datatypes import LocalCache

from crawler.http.addresses import address_refusal, host_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.interfaces import IAddress, IHostResolution

__all__ = ["GuardedResolver", "refused", "trusted_hosts"]

# why a host got no address: read by GuardMiddleware, as Twisted's resolver has no way to give a reason
refused: LocalCache[str, str] = LocalCache(10_000)


def trusted_hosts(netlocs: Iterable[str], proxies: Mapping[str, str]) -> frozenset[str]:
    """Give the hosts that may resolve inward: those of the proxies, and the local ones that the operator typed.

    A public name among the seeds is not trusted: whoever owns the name could point it at our network.

    >>> sorted(trusted_hosts(["localhost:8000", "clinic.example:80"], {"http": "http://127.0.0.1:3128"}))
    ['127.0.0.1', 'localhost']
    """
    typed = (urlsplit(f"//{netloc}").hostname or "" for netloc in netlocs)
    by_proxy = (urlsplit(url if "//" in url else f"//{url}").hostname or "" for url in proxies.values())
    return frozenset((*(host for host in typed if host_refusal(host)), *by_proxy))


class _PublicOnly:
    """Hands on the public addresses of a resolution, withholds the others and notes why."""

    def __init__(self, receiver: Any, host: str) -> None:
        self.receiver = receiver
        self.host = host

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        found: str = getattr(address, "host", "")
        if reason := address_refusal(found):
            refused[self.host] = f"{self.host} resolves to {found}, {reason}"
        else:
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver without inward addresses; for the setting ``TWISTED_DNS_RESOLVER``."""

    def __init__(self, reactor: ReactorBase, cache_size: int, trusted: frozenset[str]) -> None:
        super().__init__(reactor, cache_size)
        self.trusted = trusted

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build from the settings; Scrapy hands over its process here, before there is a crawler."""
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache_size, trusted_hosts(settings.getlist("GUARD_ALLOWED"), getproxies()))

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        *args: Any,
        **kwargs: Any,
    ) -> IHostResolution:
        """Resolve as Scrapy does, cache and all, and judge each address on its way out."""
        trusted = hostName in self.trusted
        receiver: Any = resolutionReceiver if trusted else _PublicOnly(resolutionReceiver, hostName)
        return super().resolveHostName(receiver, hostName, *args, **kwargs)
