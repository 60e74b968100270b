"""HTTP telemetry: an ASGI middleware that counts requests by route template and binds the correlation id."""

import time

import structlog
from prometheus_client import Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from themeline.shared.telemetry.logging import acceptable_correlation_id, logger

CORRELATION_HEADER = "X-Request-ID"
# Requests that no route matched: one label value, however many paths are tried.
UNMATCHED = "(unmatched)"
# Asked every few seconds by machines: counted, but logged only on request.
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
# Label values are bounded: any other method is counted as OTHER.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# From a cached answer (below 1 ms) to a bulk request of 1,000 articles (seconds).
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS = Counter("themeline_http_requests_total", "HTTP requests answered.", ("service", "method", "route", "status"))
DURATION = Histogram(
    "themeline_http_request_duration_seconds",
    "Time from the first byte in to the last byte out.",
    ("service", "method", "route"),
    buckets=BUCKETS,
)
IN_PROGRESS = Gauge(
    "themeline_http_requests_in_progress",
    "HTTP requests being answered now.",
    ("service",),
    multiprocess_mode="livesum",
)

log = logger(__name__)


class HttpTelemetry:
    """Wraps an application; `/livez`, `/readyz` and `/metrics` are counted like any other route."""

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation_id = acceptable_correlation_id(Headers(scope=scope).get(CORRELATION_HEADER))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        status = 500  # what the client sees when the application dies before it answers

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[CORRELATION_HEADER] = correlation_id
            await send(message)

        in_progress = IN_PROGRESS.labels(self.service)
        in_progress.inc()
        started = time.perf_counter()
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            in_progress.dec()
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = getattr(scope.get("route"), "path", UNMATCHED)
        REQUESTS.labels(self.service, method, route, str(status)).inc()
        DURATION.labels(self.service, method, route).observe(seconds)
        record = log.debug if route in PROBES else log.info
        record("request answered", method=method, route=route, status=status, seconds=round(seconds, 6))
