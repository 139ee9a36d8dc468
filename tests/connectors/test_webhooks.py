"""Webhooks on their way out: where they never go, and what hostile receivers can do, which is little."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from time import monotonic

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.guarded import _left, is_allowed
from connectors.webhooks import WebhookPost
from tests.hook_receiver import drip, drip_after, flood, garbage, receiving, redirect, reset, silence, status
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.webhooks import Answered

INSIDE = [
    "127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
    "198.18.0.1", "192.0.0.8", "192.0.2.1", "203.0.113.9", "240.0.0.1", "255.255.255.255", "192.88.99.1", "fc00::1", "fdff::1",
    "fec0::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "::ffff:0:7f00:1", "2002:7f00:1::1", "2002:808:808::1",
    "2001:0:1::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2001:db8::1", "100::1", "1::1", "4000::1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "224.0.0.1", "239.1.1.1", "ff02::1", "0.0.0.0", "::",  # noqa: S104 - refused
    "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::a9fe:a9fe",
]  # fmt: skip
OUTSIDE = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        *((one, False, True) for one in INSIDE),
        *((one, False, False) for one in NEVER),
        *((one, True, True) for one in OUTSIDE),
    ],
)
def test_where_messages_may_go(address, public, private):
    found = ip_address(address)
    assert (is_allowed(found, private=False), is_allowed(found, private=True)) == (public, private)


@pytest.fixture
def names(monkeypatch):
    """Names that lead where a test says: each look-up takes the next list of addresses, the last one stays."""
    told: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look_up(host, port, *args: object, **options: object):
        if host not in told:
            return real(host, port, *args, **options)
        found = told[host].pop(0) if len(told[host]) > 1 else told[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return told


@pytest.fixture
def post():
    return WebhookPost(private=True, whole=1.0)


def send(post, url, headers=None, content=b"{}"):
    return post.send(url, headers or {"webhook-id": "msg_1"}, content)


def test_a_message_arrives_as_it_was_made(post):
    with receiving(status(202, b"Thanks,\r\n friend")) as receiver:
        found = post.send(
            f"{receiver.url}?from=here", {"webhook-id": "msg_1", "webhook-signature": "v1,a v1,b"}, b'{"a":1}'
        )
    assert found == Answered(202, "Thanks, friend")
    (told,) = receiver.told
    assert (told.path, told.body) == ("/told?from=here", b'{"a":1}')
    assert told.headers["webhook-signature"] == "v1,a v1,b"
    assert told.headers["content-type"] == "application/json"
    assert told.headers["content-length"] == "7"
    assert told.headers["host"] == receiver.url.split("/")[2]


def test_a_host_is_named_as_it_was_given(names, monkeypatch):
    asked, connect = [], socket.create_connection
    with receiving() as receiver:
        here = "127.0.0.1", int(receiver.url.split(":")[2].split("/")[0])
        monkeypatch.setattr(socket, "create_connection", lambda at, *_a, **_b: asked.append(at[0]) or connect(here))
        send(WebhookPost(private=True, whole=5.0), "http://[::1]:8080/told")
    assert (asked, receiver.told[0].headers["host"]) == (["::1"], "[::1]:8080")


@pytest.mark.parametrize("number", [200, 299, 301, 404, 410, 429, 500, 503])
def test_any_status_is_an_answer(post, number):
    with receiving(status(number, b"so be it")) as receiver:
        assert send(post, receiver.url) == Answered(number, "so be it")


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("", 0), ("soon", 0), ("-5", 0), ("9" * 40, 0), ("٣", 0), ("1e5", 0)]
)
def test_how_long_to_wait_is_read(post, said, seconds):
    with receiving(status(429, Retry_After=said.encode().decode("latin-1"))) as receiver:
        assert send(post, receiver.url).after == seconds


def test_a_redirect_is_an_answer_that_leads_nowhere(post, names):
    with receiving() as other, receiving(redirect(other.url)) as receiver:
        assert send(post, receiver.url).status == 307
        assert not other.told
        receiver.answer = redirect("http://169.254.169.254/latest/meta-data/")
        assert send(post, receiver.url).status == 307
    assert len(receiver.told) == 2


def test_a_proxy_is_not_asked(post, monkeypatch):
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/told"))
        assert send(post, receiver.url).status == 204
    assert (len(proxy.told), len(receiver.told)) == (0, 1)


@pytest.mark.parametrize("answer", [drip, silence])
def test_who_answers_slowly_is_not_waited_for(post, answer):
    with receiving(answer) as receiver:
        found = send(post, receiver.url)
    assert found == Answered(0, "There was no answer within 1 seconds.")


def test_when_the_time_is_over_no_further_step_is_begun():
    with pytest.raises(httpcore.ReadTimeout):
        _left(monotonic() - 1, None)
    assert 0 < _left(monotonic() + 9, 0.5) <= 0.5


def test_what_comes_slowly_after_a_status_takes_nothing_from_it(post):
    with receiving(drip_after) as receiver:
        found = send(post, receiver.url)
    assert (found.status, found.said[:4]) == (200, "Well")


def test_of_an_answer_without_end_the_beginning_is_read(post):
    with receiving(flood) as receiver:
        found = send(post, receiver.url)
    assert found.status == 200
    assert len(found.said) <= 2000


@pytest.mark.parametrize("answer", [reset, garbage])
def test_a_connection_that_breaks_is_said_in_a_sentence(post, answer):
    with receiving(answer) as receiver:
        found = send(post, receiver.url)
    assert found.status == 0
    assert found.said.startswith("The connection failed: ")
    assert found.said.endswith(".")


def test_nobody_there_is_said_in_a_sentence(post, names):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "The connection failed" in send(post, f"http://127.0.0.1:{port}/").said
    names["none.example.org"] = [[]]
    assert send(post, "http://none.example.org/").status == 0


def test_an_answer_that_is_no_text_is_kept_as_some(post):
    with receiving(status(500, b"\x1b[31m\x00\xff\xfe red \xe2\x80\xae")) as receiver:
        said = send(post, receiver.url).said
    assert said.isprintable()
    assert "red" in said


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://[::1]/",
    ],
)
def test_this_machine_is_told_nothing_however_it_is_written(url):
    found = WebhookPost(private=False, whole=1.0).send(url, {}, b"{}")
    assert (found.status, "inside" in found.said) == (0, True)


@pytest.fixture
def certificate(tmp_path):
    """Certificate and key of hooks.example.org, which signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return files


def test_the_certificate_is_held_against_the_name_and_not_the_address(certificate, names):
    names["hooks.example.org"] = names["other.example.org"] = [["127.0.0.1"]]
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    trusting = WebhookPost(private=True, whole=5.0, context=ssl.create_default_context(cafile=str(certificate[0])))
    with receiving(context=server) as receiver:
        port = receiver.url.split(":")[2]
        assert send(trusting, f"https://hooks.example.org:{port}").status == 204
        for post, host in ((trusting, "other"), (WebhookPost(private=True, whole=5.0), "hooks")):
            refused = send(post, f"https://{host}.example.org:{port}")
            assert (refused.status, "CERTIFICATE_VERIFY_FAILED" in refused.said) == (0, True)
    assert len(receiver.told) == 1


@pytest.mark.parametrize("private", [True, False])
def test_a_name_that_leads_to_where_nothing_goes_is_not_followed(names, private):
    names["evil.example.org"] = [["169.254.169.254", "0.0.0.0"]]  # noqa: S104 - an address that is refused
    found = WebhookPost(private=private, whole=1.0).send("https://evil.example.org/", {}, b"{}")
    assert found == Answered(
        0, "evil.example.org is inside a network (169.254.169.254, 0.0.0.0); nothing is sent there."
    )


def test_a_name_that_leads_elsewhere_a_moment_later_changes_nothing(names, monkeypatch):
    """The address that was judged is the one that is connected to; the name is looked up once."""
    asked = []

    def connect(address, *_args: object, **_options: object):
        asked.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    names["turning.example.org"] = [["8.8.8.8"], ["127.0.0.1"]]
    found = WebhookPost(private=False, whole=1.0).send("https://turning.example.org/", {}, b"{}")
    assert (found.status, asked) == (0, ["8.8.8.8"])
    assert names["turning.example.org"] == [["127.0.0.1"]]


def test_of_several_addresses_those_outside_are_tried(names, monkeypatch):
    asked = []

    def connect(address, *_args: object, **_options: object):
        asked.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    names["mixed.example.org"] = [["10.0.0.1", "8.8.8.8", "127.0.0.1", "1.1.1.1"]]
    WebhookPost(private=False, whole=1.0).send("https://mixed.example.org/", {}, b"{}")
    assert asked == ["8.8.8.8", "1.1.1.1"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.org/", "in the open"),
        ("ftp://hooks.example.org/", "in the open"),
        ("file:///etc/passwd", "not understood"),
        ("hooks.example.org", "not understood"),
        ("", "not understood"),
        ("https://", "not understood"),
        ("https://hooks.example.org:0/", "not understood"),
        ("https://hooks.example.org:99999/", "not understood"),
        ("https://hooks.example.org\\@127.0.0.1/", "not understood"),
        ("https://hooks.example.org/a b", "not understood"),
        ("https://hooks.example.org/\r\nX-Evil: 1", "not understood"),
        ("https://hooks.exämple.org/", "not understood"),
        ("https://[::1", "not understood"),
        ("https://ana:secret@hooks.example.org/", "carries credentials"),
        ("https://@hooks.example.org/", "carries credentials"),
        ("https://10.1.2.3/", "inside a network"),
        ("https://[::ffff:8.8.8.8]/", "inside a network"),
        ("https://169.254.169.254/latest", "inside a network"),
    ],
)
def test_an_address_that_nothing_is_sent_to_is_refused_at_once(url, said):
    post = WebhookPost(private=False)
    with pytest.raises(ConfigurationError, match=said) as refusal:
        post.refuse(url)
    assert "secret" not in str(refusal.value)
    assert post.send(url, {}, b"{}").status == 0


def test_addresses_of_an_intranet_are_taken_where_they_are_allowed():
    WebhookPost(private=True).refuse("http://10.1.2.3:8080/hook?a=b")
    WebhookPost(private=False).refuse("https://hooks.example.org:8443/a/b?c=%20#d")
    with pytest.raises(ConfigurationError, match="inside a network"):
        WebhookPost(private=True).refuse("http://169.254.169.254/")
