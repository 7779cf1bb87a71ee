"""Who asks, what they may, and how often: keys, rates and a cap on what is under way."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from api.http.areas import Area, area_of, cost_of
from api.http.faults import problem_response
from api.http.guards import is_from_page
from api.http.problems import ProblemError
from api.http.requests import is_local
from api.keys import KeyRing

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.metrics import Metrics
    from api.http.settings import ServiceSettings

log = logging.getLogger(__name__)

_SILENT_S = 60.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: The key's name behind `key:`, else the network address, of IPv6 its first 64 bits.
        is_keyed: Whether it is a key's.
    """

    name: str
    is_keyed: bool


class Callers:
    """Lets in who may, as often as they may: answers 401, 403 and 429."""

    def __init__(self, app: ASGIApp, *, settings: ServiceSettings, metrics: Metrics) -> None:
        """Wrap an application.

        Raises:
            KeyFileError: If the file of keys cannot be used.
        """
        self._app = app
        self._keys = KeyRing(settings.keys_file) if settings.keys_file else None
        self._rates = {keyed: _rate(settings, keyed=keyed) for keyed in (False, True)}
        self._metrics = metrics
        self._most = settings.concurrent_limit
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        area = area_of(scope["path"])
        caller = Caller(_client(scope), is_keyed=False)
        told: dict[str, str] = {}
        scope["state"] |= {"caller": caller, "keys": self._keys}
        try:
            caller = self._caller(scope, area, caller)
            scope["state"]["caller"] = caller
            rate = self._rates[caller.is_keyed] if area.is_limited else None
            if rate:
                query = scope["query_string"].decode("latin-1")
                told = await self._counted(rate, caller, cost_of(scope["path"], query))
            if self._most and area.is_limited and self._under_way[caller.name] >= self._most:
                self._metrics.rate_limited.inc()
                raise ProblemError("rate_limited", retry_after=1)
        except ProblemError as problem:
            await problem_response(Request(scope), problem)(scope, receive, send)
            return
        await self._pass(caller, told, scope, receive, send)

    async def _pass(
        self,
        caller: Caller,
        told: dict[str, str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        async def with_rate(message: Message) -> None:
            if told and message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        self._under_way[caller.name] += 1
        try:
            await self._app(scope, receive, with_rate if told else send)
        finally:
            self._under_way[caller.name] -= 1
            if not self._under_way[caller.name]:
                del self._under_way[caller.name]

    def _caller(self, scope: Scope, area: Area, unknown: Caller) -> Caller:
        """Return who asks.

        Raises:
            ProblemError: 401 or 403, if they may not.
        """
        if area.scopes == ("admin",) and is_local(scope):
            return unknown
        if self._keys is None:
            if area.scopes == ("admin",):
                raise ProblemError("forbidden")
            return unknown
        token = _bearer(scope)
        if token is None:
            if not area.scopes or (area.is_keyless_for_pages and is_from_page(scope)):
                return unknown
            raise _challenge("missing_api_key")
        key = self._keys.find(token)
        if key is None:
            raise _challenge("invalid_api_key")
        if area.scopes and not set(area.scopes) & set(key.scopes):
            raise ProblemError("forbidden")
        return Caller(f"key:{key.name}", is_keyed=True)

    async def _counted(self, rate: _Rate, caller: Caller, cost: int) -> dict[str, str]:
        """Return the headers that tell what is left after so many requests more.

        Raises:
            ProblemError: 429, if nothing is.
        """
        is_within, left, wait_s = await rate.hit(caller.name, cost)
        told = {"RateLimit-Policy": rate.policy, "RateLimit": f'"default";r={left};t={wait_s}'}
        if not is_within:
            self._metrics.rate_limited.inc()
            raise ProblemError("rate_limited", retry_after=wait_s, headers=told)
        return told


class _Rate:
    """Counts requests over a moving window; where the store of the counts is away, here alone."""

    def __init__(self, item: RateLimitItem, storage: str) -> None:
        from limits.storage import MemoryStorage, storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        self._item = item
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._is_own = storage.startswith("memory:")
        self._shared = (
            self._own
            if self._is_own
            else MovingWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True))
        )
        self._told_at = -_SILENT_S
        self.policy = f'"default";q={item.amount};w={item.get_expiry()}'

    async def hit(self, name: str, cost: int) -> tuple[bool, int, int]:
        """Return whether so many more are within the rate, how many are left, and seconds to wait.

        What alone costs more than the rate costs all of it, or it could never be had.
        """
        from limits.errors import StorageError

        cost = min(cost, self._item.amount)
        if self._is_own:
            return self._hit(self._own, name, cost)
        try:
            return await asyncio.to_thread(self._hit, self._shared, name, cost)
        except StorageError as exc:
            if time.monotonic() - self._told_at > _SILENT_S:
                self._told_at = time.monotonic()
                log.error("requests are counted here alone: %s", exc.storage_error)
            return self._hit(self._own, name, cost)

    def _hit(self, limiter: MovingWindowRateLimiter, name: str, cost: int) -> tuple[bool, int, int]:
        is_within = limiter.hit(self._item, name, cost=cost)
        stats = limiter.get_window_stats(self._item, name)
        return is_within, stats.remaining, max(1, math.ceil(stats.reset_time - time.time()))


def reaches(storage: str) -> bool:
    """Tell whether the place where requests are counted can be used.

    Raises:
        limits.errors.ConfigurationError: If there is no such kind, or its client is not installed.
    """
    from limits.storage import storage_from_string

    return bool(storage_from_string(storage).check())


def _rate(settings: ServiceSettings, *, keyed: bool) -> _Rate | None:
    told = settings.limit_for(keyed=keyed)
    if told is None:
        return None
    from limits import parse

    return _Rate(parse(told), settings.rate_storage)


def _challenge(code: str) -> ProblemError:
    return ProblemError(code, headers={"WWW-Authenticate": "Bearer"})


def _bearer(scope: Scope) -> str | None:
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _client(scope: Scope) -> str:
    """Return the address a caller's requests are counted under."""
    told = str((scope.get("client") or ("unknown", 0))[0])[:64]
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        first = int(address) >> 64 << 64
        return f"{IPv6Address(first)}/64"
    return str(address)
