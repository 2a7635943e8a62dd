"""Webhooks: whom an event is for, how it is signed and tried again, and where nothing is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from teams.events import happened
from teams.models import Delivery, Event, Outcome, Webhook
from teams.models.webhooks import RETRIES
from teams.webhooks import outbound, sending
from teams.webhooks.outbound import Answer, Refused
from tests.cast import Cast, cast

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://hooks.example/in?team=1"


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def hook(people: Cast) -> Webhook:
    return Webhook.objects.create(team=people.team, url=URL, created_by=people["owner"])


class Receiver:
    """Answers each delivery with the next thing it was told to."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.got.append((url, body, headers))
        said = self.answers.pop(0) if self.answers else Answer(200, "")
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, Answer) else Answer(said, "")


def revised(people: Cast, kind: str = "design.revised") -> Event:
    return happened(people.team, kind, "Orders", by=people["editor"], url="/reviews/x/")


def due(moment: datetime = NOON) -> None:
    Delivery.objects.update(next_try=moment)


class TestSending:
    def test_a_receiver_can_verify_what_it_is_told(self, people: Cast, hook: Webhook) -> None:
        event = revised(people)
        due()
        receiver = Receiver()
        assert sending.send_due(NOON, receiver) == 1
        ((url, body, headers),) = receiver.got
        key = base64.b64decode(hook.secret.removeprefix("whsec_"))
        assert len(key) == 32 and url == URL
        said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = hmac.new(key, said, hashlib.sha256).digest()
        assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
        told = json.loads(body)
        assert told["type"] == "design.revised" and told["data"]["event"] == event.pk
        assert told["data"]["by"] == "editor" and told["data"]["url"].endswith("/reviews/x/")
        assert Delivery.objects.get().outcome == Outcome.DONE
        assert sending.send_due(NOON, receiver) == 0 and len(receiver.got) == 1

    def test_the_published_example_gives_its_signature(self) -> None:
        # The example of the Standard Webhooks libraries.
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        body = b'{"test": 2432232314}'
        made = sending.sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_only_wanted_topics_of_active_webhooks_are_planned(self, people: Cast) -> None:
        wanted = Webhook.objects.create(team=people.team, url=URL, topics=["design"])
        Webhook.objects.create(team=people.team, url=URL, topics=["member"])
        Webhook.objects.create(team=people.team, url=URL, active=False)
        revised(people)
        assert [d.webhook for d in Delivery.objects.all()] == [wanted]

    def test_failures_are_tried_again_later_each_time_and_given_up(
        self, people: Cast, hook: Webhook
    ) -> None:
        revised(people)
        due()
        answers = [500, OSError("no route"), 302, Refused("private"), 404, 429, 503, 500]
        receiver, moment, ids = Receiver(*answers), NOON, set()
        for pause in RETRIES:
            assert sending.send_due(moment, receiver) == 0
            delivery = Delivery.objects.get()
            assert delivery.outcome == Outcome.WAITING and delivery.next_try == moment + pause
            assert sending.send_due(moment + pause - timedelta(seconds=1), receiver) == 0
            moment += pause
        sending.send_due(moment, receiver)
        delivery = Delivery.objects.get()
        assert (delivery.outcome, delivery.attempts, delivery.status) == (
            Outcome.GIVEN_UP,
            len(RETRIES) + 1,
            500,
        )
        assert len(receiver.got) == len(RETRIES) + 1
        ids = {headers["webhook-id"] for _, _, headers in receiver.got}
        assert len(ids) == 1, "a receiver can tell that it is the same event"

    def test_who_says_gone_is_left_alone(self, people: Cast, hook: Webhook) -> None:
        revised(people)
        due()
        sending.send_due(NOON, Receiver(410))
        hook.refresh_from_db()
        assert not hook.active and Delivery.objects.get().outcome == Outcome.GIVEN_UP

    def test_two_rounds_at_once_send_once(self, people: Cast, hook: Webhook) -> None:
        revised(people)
        due()
        inner: list[int] = []

        def meanwhile(url: str, body: bytes, headers: dict[str, str]) -> Answer:
            inner.append(sending.send_due(NOON, Receiver()))
            return Answer(200, "")

        assert sending.send_due(NOON, meanwhile) == 1 and inner == [0]

    def test_a_round_that_died_is_made_good(self, people: Cast, hook: Webhook) -> None:
        revised(people)
        due()
        Delivery.objects.update(claimed=NOON)
        assert sending.send_due(NOON + timedelta(minutes=5), Receiver()) == 0
        assert sending.send_due(NOON + timedelta(minutes=11), Receiver()) == 1

    def test_what_comes_back_is_kept_as_words(self, people: Cast, hook: Webhook) -> None:
        revised(people)
        due()
        sending.send_due(NOON, Receiver(Answer(200, "ok\x00\x1b[2J" + "x" * 500)))
        answer = Delivery.objects.get().answer
        assert answer.startswith("ok[2J") and len(answer) == 300


CLOSED = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("2001:0:53aa:64c:0:fbff:ad8b:8", "fe80::1%eth0", "localhost", "", "8.8.8.8.8"),
]


class TestWhere:
    @pytest.mark.parametrize(
        "address",
        [a for a in CLOSED if a not in ("", "8.8.8.8.8", "fe80::1%eth0")],
    )
    def test_a_private_address_is_refused_before_it_is_stored(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        with pytest.raises(outbound.Refused, match="private address"):
            outbound.parts_of(f"https://{host}/hook")

    @pytest.mark.parametrize(
        "address",
        CLOSED,
    )
    def test_no_address_of_a_closed_network_is_public(self, address: str) -> None:
        assert not outbound.is_public(address)

    @pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111"])
    def test_the_open_network_is(self, address: str) -> None:
        assert outbound.is_public(address)

    @given(st.ip_addresses(v=4))
    def test_an_address_hides_in_no_other_notation(self, address: ipaddress.IPv4Address) -> None:
        public = outbound.is_public(str(address))
        assert public == (address.is_global and not address.is_multicast)
        number = int(address)
        for wrapped in (
            ipaddress.IPv6Address((0xFFFF << 32) | number),
            ipaddress.IPv6Address((0x64FF9B << 96) | number),
            ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        ):
            assert not outbound.is_public(str(wrapped))

    @pytest.mark.parametrize(
        "url",
        [
            *("http://hooks.example/", "ftp://hooks.example/", "//hooks.example/", "hooks", ""),
            *("https://", "https://a:b@hooks.example/", "https://hooks.example:22/"),
            *("https://hooks.example:99999/", "https://hooks.example/a\r\nHost: x", "https://[::1"),
            *("file:///etc/passwd", "gopher://hooks.example:443/", "https://hooks.example/ä"),
        ],
    )
    def test_an_address_that_cannot_be_told_is_refused(self, url: str) -> None:
        with pytest.raises(Refused):
            outbound.parts_of(url)

    @given(st.text(max_size=60))
    def test_any_text_is_refused_or_has_a_host(self, text: str) -> None:
        for url in (text, f"https://{text}"):
            try:
                assert outbound.parts_of(url).hostname
            except Refused:
                continue

    @pytest.mark.parametrize(
        "found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:10.0.0.1"], []]
    )
    def test_a_name_with_one_private_address_is_refused(
        self, found: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _names(monkeypatch, *[found])
        with pytest.raises(Refused):
            outbound.post(URL, b"", {})

    def test_the_connection_goes_to_the_address_that_was_checked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A name that means another machine when it is asked again is asked once."""
        asked = _names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
        tried: list[Any] = []

        def connect(address: Any, timeout: float) -> socket.socket:
            tried.append(address)
            raise OSError("stopped here")

        monkeypatch.setattr(socket, "create_connection", connect)
        with pytest.raises(OSError, match="stopped here"):
            outbound.post(URL, b"", {})
        assert tried == [("93.184.215.14", 443)] and len(asked) == 1


def _names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses, one list after the other."""
    left, asked = list(answers), []

    def getaddrinfo(host: str, port: int, type: int = 0) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


class _Listener(BaseHTTPRequestHandler):
    answers: list[tuple[int, dict[str, str], bytes]] = []
    got: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers["Host"], body))
        status, headers, said = self.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        return


class TestSocket:
    @pytest.fixture
    def address(self, settings: Any) -> Iterator[str]:
        settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
        _Listener.answers, _Listener.got = [], []
        server = HTTPServer(("127.0.0.1", 0), _Listener)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()

    def test_a_host_of_ones_own_may_be_named(self, address: str) -> None:
        _Listener.answers = [(200, {}, b"thanks")]
        assert outbound.post(f"{address}/in?a=1", b"{}", {"X": "y"}) == Answer(200, "thanks")
        assert _Listener.got == [("/in?a=1", address.removeprefix("http://"), b"{}")]

    def test_no_redirection_is_followed_and_little_is_read(self, address: str) -> None:
        _Listener.answers = [(302, {"Location": f"{address}/x"}, b"y" * 9999)]
        answer = outbound.post(address, b"{}", {})
        assert (answer.status, len(answer.text)) == (302, 512) and len(_Listener.got) == 1

    def test_who_dawdles_is_cut_off(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        class Now(threading.Timer):
            """The time is up before the answer comes."""

            def start(self) -> None:
                self.function(*self.args)

        monkeypatch.setattr(threading, "Timer", Now)
        _Listener.answers = [(200, {}, b"late")]
        with pytest.raises(OSError):
            outbound.post(address, b"{}", {})


def _certificate(folder: Path, name: str) -> Path:
    """A certificate for this name that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{name}.pem"
    file.write_bytes(made.public_bytes(pem) + private)
    return file


class TestTls:
    @pytest.mark.parametrize("name", ["hooks.example", "other.example"])
    def test_the_certificate_has_to_name_the_host_of_the_address(
        self, name: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"hooks.example"})
        pem = _certificate(tmp_path, name)
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(pem)
        _Listener.answers, _Listener.got = [(200, {}, b"thanks")], []
        with HTTPServer(("127.0.0.1", 0), _Listener) as server:
            server.socket = serving.wrap_socket(server.socket, server_side=True)
            server.timeout = 5
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            monkeypatch.setattr(outbound, "resolve", lambda host, port: ["127.0.0.1"])
            trusting = ssl.create_default_context(cafile=str(pem))
            monkeypatch.setattr(outbound, "_context", lambda: trusting)
            url = f"https://hooks.example:{server.server_port}/in"
            if name == "hooks.example":
                assert outbound.post(url, b"{}", {}) == Answer(200, "thanks")
                assert _Listener.got[0][1].startswith("hooks.example:")
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    outbound.post(url, b"{}", {})
                assert not _Listener.got
            thread.join()


class TestPages:
    def add(self, people: Cast, **data: Any) -> Any:
        path = f"/teams/{people.team.slug}/webhooks/"
        return people.client("owner").post(path, {"url": URL, **data})

    def test_the_secret_is_shown_once(self, people: Cast) -> None:
        client = people.client("owner")
        answer = client.post(f"/teams/{people.team.slug}/webhooks/", {"url": URL})
        made = Webhook.objects.get()
        assert made.secret in client.get(answer["Location"]).content.decode()
        assert made.secret not in client.get(answer["Location"]).content.decode()
        client.post(f"{answer['Location']}renew/")
        renewed = Webhook.objects.get().secret
        assert renewed != made.secret
        assert renewed in client.get(answer["Location"]).content.decode()

    @pytest.mark.parametrize(
        "data", [{"url": "http://hooks.example/"}, {"url": ""}, {"topics": ["nothing"]}]
    )
    def test_a_wrong_form_says_so(self, people: Cast, data: dict[str, Any]) -> None:
        answer = self.add(people, **data)
        assert answer.status_code == 422 and 'class="error"' in answer.content.decode()
        assert not Webhook.objects.exists()

    def test_a_test_is_logged_and_can_be_sent_again(self, people: Cast, hook: Webhook) -> None:
        Webhook.objects.update(topics=["design"])
        client, path = people.client("owner"), f"/teams/{people.team.slug}/webhooks/{hook.pk}/"
        client.post(path + "test/")
        due()
        sending.send_due(NOON, Receiver(Answer(500, "boom <b>")))
        body = client.get(path).content.decode()
        assert "webhook.tested" in body and "500" in body and "boom &lt;b&gt;" in body
        delivery = Delivery.objects.get()
        Delivery.objects.update(outcome=Outcome.GIVEN_UP)
        client.post(f"/teams/{people.team.slug}/deliveries/{delivery.pk}/again/")
        delivery.refresh_from_db()
        assert (delivery.outcome, delivery.attempts) == (Outcome.WAITING, 0)
        assert sending.send_due(post=Receiver()) == 1

    def test_off_waits_and_removed_forgets(self, people: Cast, hook: Webhook) -> None:
        client, path = people.client("owner"), f"/teams/{people.team.slug}/webhooks/{hook.pk}/"
        revised(people)
        due()
        client.post(path + "switch/")
        assert sending.send_due(NOON, Receiver()) == 0
        client.post(path + "switch/")
        assert sending.send_due(NOON, Receiver()) == 1
        client.post(path + "remove/")
        assert not Delivery.objects.exists()
        assert Event.objects.filter(kind="webhook.removed").exists()

    @pytest.mark.parametrize("who", ["editor", "viewer", "stranger"])
    def test_only_owners_reach_them(self, people: Cast, hook: Webhook, who: str) -> None:
        revised(people)
        client, base = people.client(who), f"/teams/{people.team.slug}/"
        again = f"{base}deliveries/{Delivery.objects.get().pk}/again/"
        for path in ("test/", "switch/", "renew/", "remove/"):
            assert client.post(f"{base}webhooks/{hook.pk}/{path}").status_code == 404
        assert client.get(f"{base}webhooks/{hook.pk}/").status_code == 404
        assert client.get(f"{base}webhooks/").status_code == 404
        assert client.post(again).status_code == 404
