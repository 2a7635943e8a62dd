"""A thousand malformed uploads: each is a design after all or refused with its reasons, over the
form and over HTTP alike. None is a fault of ours, none leaves anything half stored."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews import workflow
from reviews.models import Revision, Run
from teams.programs import limits
from tests.cast import cast
from tests.reviews.programs import Program
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db

SCRAPS = [
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[2J", b"\r", b"\t", b"\n" * 40),
    *(b"{", b"}", b"[", b"]", b":", b"- ", b"&a ", b"*a ", b"<<: ", b"!!python/object:os.system "),
    *(b"---\n", b"...\n", b"%YAML 1.1\n", b"? ", b"| ", b"> ", b'"', b"'", b"#", b"@", b"`"),
    *(b"9" * 400, b"1e999", b".inf", b".nan", b"-0", b"0o17", b"0x_", b"~", b"null", b"2026-02-31"),
    *(
        b"{a: " * 60,
        b"[" * 200,
        b"&x [*x]",
        b"<script>",
        b"../../etc/passwd",
        b"${jndi:x}",
        b"%s%n",
    ),
]


def malformed(dice: random.Random) -> bytes:
    """The small design with one to six things done to its bytes."""
    text = bytearray(SMALL.encode())
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(text) + 1), dice.randrange(1, 40)
        match dice.randrange(5):
            case 0:
                del text[at : at + length]
            case 1:
                text[at:at] = dice.choice(SCRAPS)
            case 2:
                text[at:at] = text[max(0, at - length) : at]
            case 3:
                text[at : at + 1] = bytes([dice.randrange(256)])
            case _:
                del text[at:]
    return bytes(text)


@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_malformed_uploads(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(limits, "WRITES", 10**9)
    monkeypatch.setattr(workflow, "send", lambda run_id: None)
    dice = random.Random(seed)
    people = cast()
    program, browser = Program(people), people.client("editor")
    statuses: Counter[int] = Counter()
    for number in range(200):
        raw = malformed(dice)
        if number % 4:
            try:
                body: bytes = json.dumps({"text": raw.decode()}).encode()
            except UnicodeDecodeError:
                body = b'{"text": "' + raw + b'"}'
            answer = program.client.post(
                program.base + "submissions/", body, content_type="application/json"
            )
            said = answer.status_code in (200, 202) or answer.json()["detail"]
        else:
            file = SimpleUploadedFile("design.yaml", raw)
            answer = browser.post(f"/reviews/{people.team.slug}/new/", {"file": file})
            said = answer.status_code == 302 or 'class="error"' in answer.content.decode()
        assert answer.status_code in (200, 202, 302, 400, 422), raw
        assert said, raw
        statuses[answer.status_code] += 1
    assert statuses[422] > 100, "most of them are refused"
    stored = statuses[202] + statuses[302]
    assert Revision.objects.count() == Run.objects.count() == stored
