"""Headers: what every response tells browsers about safety and about keeping it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOT_KEPT = {"Cache-Control": "no-store"}

_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
# What readers read may show pictures from where its writers put them; still no script, no style, no frame.
READING = {"Content-Security-Policy": "; ".join(_POLICY).replace("img-src 'self' data:", "img-src 'self' data: https:")}
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecureHeaders:
    """Sets the security headers on every response that names none of its own; what says nothing of caching is not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def harden(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | NOT_KEPT).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, harden)
