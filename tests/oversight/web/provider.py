"""A small OpenID Connect provider on this machine, with a key of its own, that can be made to lie."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "oversight-tests", "a secret: for these tests/only"
Change = Callable[[dict[str, Any]], None]


@cache
def made_key(name: str) -> RSAKey:
    """A key by its name: making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class Provider:
    """What it says; a test changes it."""

    clock: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: made_key("one"))
    signing: RSAKey | None = None
    change: Change = lambda _: None
    answer: Change = lambda _: None
    whole: Callable[[str], str] = lambda token: token
    named: dict[str, Any] = field(default_factory=lambda: {"email": "ann@dept.test", "groups": ["analysts", "others"]})
    configuration: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    base: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def token(self, asked: dict[str, str]) -> str:
        """An id token for who asked."""
        now = int(self.clock().timestamp())
        claims = {"iss": self.base, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.named
        self.change(claims)
        key = self.signing or self.key
        return self.whole(jwt.encode({"alg": "RS256", "kid": str(key.kid)}, claims, key))


class Server(ThreadingHTTPServer):
    """Listens for the provider."""

    made: Provider


class Handler(BaseHTTPRequestHandler):
    """Answers as a provider does."""

    server: Server

    @property
    def made(self) -> Provider:
        return self.server.made

    def log_message(self, *_: object) -> None:
        """Quietly."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.made.asked.append(path)
        if path == "/authorize":
            asked = dict(parse_qsl(query))
            assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (
                "code", CLIENT, "S256",
            )  # fmt: skip
            code = secrets.token_urlsafe(8)
            self.made.codes[code] = asked
            back: dict[str, Any] = {"code": code, "state": asked["state"], "iss": self.made.base}
            self.made.answer(back)
            self.send_response(302)
            self.send_header("location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        elif path == "/keys":
            self.say({"keys": [self.made.key.as_dict(private=False), {"kty": "oct", "k": "c2VjcmV0"}]})
        else:
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys",
                      "end_session_endpoint": "leave"}  # fmt: skip
            found = {name: f"{self.made.base}/{place}" for name, place in places.items()}
            self.say({"issuer": self.made.base} | found | self.made.configuration)

    def do_POST(self) -> None:
        self.made.asked.append(self.path)
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(self.length).decode()).items()}
        asked = self.made.codes.pop(form["code"], None)
        if asked is None or not self.entitled(form) or form["redirect_uri"] != asked["redirect_uri"]:
            self.say({"error": "invalid_grant"}, 400)
            return
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            self.say({"error": "invalid_grant"}, 400)
            return
        self.say({"access_token": "x", "token_type": "Bearer", "id_token": self.made.token(asked)})

    @property
    def length(self) -> int:
        return int(self.headers["content-length"])

    def entitled(self, form: dict[str, str]) -> bool:
        if "client_secret" in form:
            return (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        raw = base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()
        name, _, secret = raw.partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT, SECRET)

    def say(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(503 if self.made.down else status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def provider(clock: Callable[[], datetime]) -> Iterator[Provider]:
    """The provider at an address of this machine."""
    made = Provider(clock)

    server = Server(("127.0.0.1", 0), Handler)
    server.made = made
    made.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(30)


def query_of(address: str) -> dict[str, str]:
    """What an address asks."""
    return dict(parse_qsl(urlsplit(address).query))
