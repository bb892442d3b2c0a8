"""From an ASGI scope to the WSGI environ of PEP 3333, without believing what a client says about itself."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from asgiref.typing import HTTPScope

_BARE_NAMES = {b"content-type": "CONTENT_TYPE"}
_OURS = frozenset(
    {
        b"content-length",  # counted, not believed
        b"transfer-encoding",  # undone before Django sees the body
        b"expect",  # answered by granian
        b"proxy",  # HTTP_PROXY means something else to some HTTP clients
        b"forwarded",
        b"x-real-ip",
        b"x-client-ip",
    }
)


class NotANetwork(Exception):
    """A trusted proxy is given as something else than an address or a network; the message says which."""


class Proxies:
    """The reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Raises NotANetwork."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        self._networks = [_network(text) for text in trusted]

    def trusts(self, address: str) -> bool:
        if not self._networks:
            return False
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._networks)

    def client(self, peer: str, forwarded_for: str) -> str:
        """The last address that no trusted proxy vouches for: what stands before it, the client may have invented."""
        for hop in reversed([part.strip() for part in forwarded_for.split(",")]):
            address = plain_address(hop)
            if not address:
                break
            peer = address
            if not self.trusts(address):
                break
        return peer


def build(scope: HTTPScope, body: IO[bytes], length: int | None, proxies: Proxies) -> dict[str, Any]:
    """The environ of one request; `length` is the counted length of the body, None if there was none."""
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    peer = plain_address(client[0]) if ":" in client[0] else client[0]
    environ: dict[str, Any] = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # WSGI wants the bytes of the path in the clothes of latin-1 text.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": peer,
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.0" if scope["http_version"] in {"1", "1.0"} else f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    _add_headers(environ, scope)
    _ask_proxy(environ, scope, peer, proxies)
    return environ


def plain_address(text: str) -> str:
    """One spelling for an address; ::ffff:192.0.2.1 is 192.0.2.1; empty if it is none."""
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise NotANetwork(
            f"CONSILIUM_TRUSTED_PROXIES: {text} is no address or network such as 10.0.0.5 or 10.0.0.0/24."
        ) from None


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    """The environ key of a header; empty for one that is not passed on."""
    # A header with an underscore would take the key of the one with a hyphen: an old way to forge headers.
    if name in _OURS or b"_" in name or name.startswith(b"x-forwarded-"):
        return ""
    return _BARE_NAMES.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")


def _add_headers(environ: dict[str, Any], scope: HTTPScope) -> None:
    for name, value in scope["headers"]:
        key = _key(name)
        if not key:
            continue
        text = value.decode("latin-1")
        if key not in environ:
            environ[key] = text
        elif key == "HTTP_COOKIE":
            environ[key] += "; " + text
        else:
            environ[key] += "," + text
    # granian puts an empty Host where there is none. HTTP/1.0 may do without, then SERVER_NAME counts; HTTP/1.1 may
    # not, and Django refuses an empty one.
    if environ["SERVER_PROTOCOL"] == "HTTP/1.0" and not environ.get("HTTP_HOST"):
        environ.pop("HTTP_HOST", None)


def _ask_proxy(environ: dict[str, Any], scope: HTTPScope, peer: str, proxies: Proxies) -> None:
    if not proxies.trusts(peer):
        return
    said: dict[bytes, list[str]] = {b"x-forwarded-for": [], b"x-forwarded-proto": []}
    for name, value in scope["headers"]:
        if name in said:
            said[name].append(value.decode("latin-1"))
    environ["REMOTE_ADDR"] = proxies.client(peer, ",".join(said[b"x-forwarded-for"]))
    scheme = ",".join(said[b"x-forwarded-proto"]).rpartition(",")[2].strip().lower()
    if scheme in {"http", "https"}:
        environ["wsgi.url_scheme"] = scheme
