"""Headers: what every response tells browsers about safety and about keeping it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOT_KEPT = {"Cache-Control": "no-store"}

_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
# What readers read may show pictures from where its writers put them, and runs no script at all.
_READING = tuple(rule for rule in _POLICY if not rule.startswith(("script-src", "connect-src", "img-src")))
READING = {"Content-Security-Policy": "; ".join((*_READING, "img-src 'self' data: https:"))}
_NOT_NEEDED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
# As OWASP's Secure Headers Project has them, but for Cross-Origin-Embedder-Policy: what readers read shows others' pictures.
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOT_NEEDED),
    "X-Frame-Options": "DENY",  # for what is older than frame-ancestors
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",
}
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}  # two years (RFC 6797)


def secure(*, https: bool) -> dict[str, str]:
    """The security headers of every answer; where people come by https only, browsers are told to keep to it."""
    return HEADERS | _HTTPS_ONLY if https else dict(HEADERS)


class SecureHeaders:
    """Sets the security headers on every response that names none of its own; what says nothing of caching is not kept."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app, self._said = app, secure(https=https) | NOT_KEPT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def harden(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._said.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, harden)
