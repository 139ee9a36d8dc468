"""A small OpenID provider over real HTTP with real signatures, honest until a test tells it otherwise."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from time import sleep, time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

CLIENT, SECRET = "tm-service", "a secret: of +two&"
REDIRECT = "https://tm.example.org/sign-in/garden"


def new_key(kind="RS256", kid="first"):
    said = {"kid": kid, "use": "sig", "alg": kind}
    if kind == "RS256":
        return RSAKey.generate_key(2048, parameters=said)
    return (
        ECKey.generate_key("P-256", parameters=said)
        if kind == "ES256"
        else OKPKey.generate_key("Ed25519", parameters=said)
    )


@cache
def _first_key():
    """Made once: it takes a while."""
    return new_key()


def _packed(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(claims, header=None):
    """A token that says of itself that nobody signed it."""
    return ".".join(_packed(json.dumps(one).encode()) for one in (header or {"alg": "none"}, claims)) + "."


@dataclass
class Provider:
    """What it says and does; a test changes it."""

    address: str = ""
    algorithm: str = "RS256"
    keys: list[Any] = field(default_factory=lambda: [_first_key()])
    signer: Any = None  # the first of its keys
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "s-1",
            "email": "ana@garden.example",
            "email_verified": True,
            "name": "Ana Lopez",
        }
    )
    claims: dict[str, Any] = field(default_factory=dict)  # in place of the honest ones; None takes one away
    described: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[["Handler"], None]] = field(
        default_factory=dict
    )  # by path, in place of the honest ones
    sign: Callable[[dict[str, Any]], str] | None = None
    userinfo: dict[str, Any] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    @property
    def discovery(self):
        named = ("authorization", "token", "userinfo", "end_session")
        return {
            "issuer": self.address,
            **{f"{name}_endpoint": f"{self.address}/{name}" for name in named},
            "jwks_uri": f"{self.address}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.described,
        }

    def id_token(self, asked):
        now = int(time())
        honest = {
            "iss": self.address,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        if self.sign:
            return self.sign(claims)
        signer = self.signer or self.keys[0]
        header = {"alg": self.algorithm} | ({"kid": signer.kid} if signer.kid else {})
        return jwt.encode(header, claims, signer, algorithms=[self.algorithm])

    def signed_by_public_key(self, claims):
        """HS256 with the public key as the secret, which whoever trusts the header alone believes."""
        body = unsigned(claims, {"alg": "HS256", "kid": self.keys[0].kid}).removesuffix(".")
        return f"{body}.{_packed(hmac.digest(self.keys[0].as_pem(private=False), body.encode(), 'sha256'))}"


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def log_message(self, *_args: object):
        """Say nothing."""

    def _answer(self):
        path = urlsplit(self.path).path
        self.provider.asked.append((self.command, path))
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        own = self.provider.answers.get(path)
        if own:
            own(self)
            return
        {
            "/.well-known/openid-configuration": lambda: self.json(self.provider.discovery),
            "/keys": lambda: self.json({"keys": [key.as_dict(private=False) for key in self.provider.keys]}),
            "/authorization": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }.get(path, lambda: self.json({}, 404))()

    def json(self, said, status=200):
        self.raw(json.dumps(said).encode(), status)

    def raw(self, content, status=200, **headers: str):
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def redirect(self, place):
        self.raw(b"", 302, Location=place)

    def drip(self, seconds):
        """A byte now and then, for ever so long."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            for _piece in range(int(seconds * 10)):
                self.wfile.write(b" ")
                self.wfile.flush()
                sleep(0.1)
        except OSError:
            pass

    def _authorize(self):
        asked = dict(parse_qsl(urlsplit(self.path).query))
        code = token_urlsafe(16)
        self.provider.codes[code] = asked
        said = {"code": code, "state": asked["state"], "iss": self.provider.address}
        self.redirect(f"{asked['redirect_uri']}?{urlencode(said)}")

    def _token(self):
        form = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        self.provider.forms.append(form)
        kind, _, known = self.headers.get("Authorization", "").partition(" ")
        user, _, secret = base64.b64decode(known).decode().partition(":") if kind == "Basic" else ("", "", "")
        client = (unquote_plus(user), unquote_plus(secret))
        if client != (CLIENT, SECRET) and (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            self.json({"error": "invalid_client"}, 401)
            return
        asked = self.provider.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or proof.decode() != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            self.json({"error": "invalid_grant"}, 400)
            return
        token = self.provider.id_token(asked)
        self.json({"access_token": "opens-userinfo", "token_type": "Bearer", "id_token": token})

    def _userinfo(self):
        told = self.provider.userinfo if self.headers.get("Authorization") == "Bearer opens-userinfo" else None
        self.json(told or {}, 200 if told else 401)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on loopback, which is gone at the end."""
    provider = Provider()
    made = type("Bound", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def visited(address):
    """What a browser brings back that was sent there: the parameters of the address it is sent home to."""
    answer = httpx.get(address, follow_redirects=False, trust_env=False)
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
