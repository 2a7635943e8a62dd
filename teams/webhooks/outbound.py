"""A request to an address that a stranger chose, which must not become one to our own network.

The name is resolved once, every address it has must be a public one, and the connection goes to
one of those very addresses: a name that means another machine a moment later gains nothing. No
redirection is followed, no proxy is used, little is read, and the whole takes no longer than
`SECONDS`.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS: Final = 15.0
_CONNECT: Final = 5.0
_READ: Final = 512  # bytes of an answer, for the log

_EMBEDDED: Final = (
    # Networks in which an IPv4 address is written as an IPv6 one (RFC 6052, RFC 3056, RFC 4380).
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
)


class Refused(Exception):
    """The address is none that this site sends to; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network. What wraps an IPv4 address is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None or ip.scope_id:
            return False
        if any(ip in network for network in _EMBEDDED):
            return False
    return ip.is_global and not ip.is_multicast


def parts_of(url: str) -> SplitResult:
    """The parts of an address that may be told. Raises Refused for what can be told from the
    text alone."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("This is not an address.") from None
    if not parts.hostname:
        raise Refused("The address names no host.")
    private = parts.hostname in settings.WEBHOOK_PRIVATE_HOSTS
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refused("The address has to begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a name or a password.")
    if port is not None and not private and port not in (443, 8443):
        raise Refused("Only the ports 443 and 8443 are reached.")
    if not private and not _may_be_public(parts.hostname):
        raise Refused(f"{parts.hostname} is a private address; nothing is sent there.")
    if any(ord(c) <= 32 or ord(c) == 127 or ord(c) > 126 for c in url):
        raise Refused("The address may hold visible ASCII characters only.")
    return parts


def _may_be_public(host: str) -> bool:
    """False for what is private whatever a name server says."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost" and not host.endswith((".localhost", ".local", ".internal"))
    return is_public(host)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises Refused when there is none, or one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(f"The name {host} leads nowhere.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host in settings.WEBHOOK_PRIVATE_HOSTS:
        return addresses
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused(f"{host} is a private address; nothing is sent there.")
    return addresses


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Sends a body and returns the answer, whatever its status. Raises Refused, OSError or
    http.client.HTTPException."""
    parts = parts_of(url)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    held = [_connect(resolve(host, port), port)]
    # A stop for the whole: timeouts of a socket count from one byte to the next.
    stop = threading.Timer(SECONDS, _cut, [held])
    stop.daemon = True
    stop.start()
    try:
        if parts.scheme == "https":
            held[0] = secured = _context().wrap_socket(
                held[0], server_hostname=host, do_handshake_on_connect=False
            )
            secured.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if parts.scheme == "https" else 80
        connection.sock = held[0]
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read(_READ).decode("utf-8", "replace")
        return Answer(answer.status, text)
    finally:
        stop.cancel()
        held[0].close()


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connect(addresses: list[str], port: int) -> socket.socket:
    """A connection to the first of these addresses that takes one. Names are not asked again."""
    failed: OSError = OSError("no address")
    for address in addresses[:3]:
        try:
            sock = socket.create_connection((address, port), timeout=_CONNECT)
        except OSError as error:
            failed = error
            continue
        sock.settimeout(SECONDS)
        return sock
    raise failed


def _cut(held: list[socket.socket]) -> None:
    """Ends a connection from another thread; whoever reads from it gets an error."""
    with contextlib.suppress(OSError):
        held[0].shutdown(socket.SHUT_RDWR)
