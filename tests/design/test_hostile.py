"""Texts made to hurt, through the reader and through every command: each is read, or refused
with a line and a reason, and nothing else happens."""

from __future__ import annotations

import contextlib
import io
from itertools import permutations

import pytest

from design import document
from design.__main__ import main
from design.document import MAX_BYTES, Invalid
from design.rules import Verdict, check

from .examples import GOOD, text

NUMBERS = (
    ".inf", "-.inf", ".nan", "1e400", "1e308", "1e13", "0x10", "0o17", "0b1", "1:30", "5 s", "1,000",
    "--5", "1e", "~", "''", "1２", "٣", "true", "2026-01-01", "9" * 50_000,
)  # fmt: skip
FINE_NUMBERS = {"1_0": 10, "+5": 5, "5.": 5, "5e0": 5, "1e-400": 0, "-0": 0, ".5": 0.5}
IDS = (
    "yes",
    "no",
    "on",
    "true",
    "1",
    "1.0",
    "2026-01-01",
    "0x1f",
    "1e5",
    "-1".strip("-"),
    "a.b",
    "A_b-c",
)
BAD_IDS = (
    "~", "null", "unknown", "design", ".inf", "а", "ａ", "a\u200bb", '"a b"', "[a]", "{a: b}", "''", "a/../b",
    "a->b:call", "a+b", "_a", "-a", "<script>", '"*"', "$x", "a" * 81, "a" * 500_000, "\u202ea", '"\\n"',
)  # fmt: skip
BROKEN = {
    "a bomb of aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a merge key": text("  - <<: {id: b}\n    id: a\n    kind: function"),
    "a merge of a list": text("  - {<<: [a], id: a, kind: function}"),
    "a tag that builds objects": text("  - {id: a, kind: !!python/object/apply:os.system [x]}"),
    "a binary tag": text("  - {id: a, kind: function, title: !!binary aGk=}"),
    "a local tag": text("  - {id: a, kind: function, title: !x y}"),
    "a section twice": text() + "components: [{id: b, kind: kv}]\n",
    "a kind in look-alike letters": text("  - {id: a, kind: functіon}"),
    "a key in look-alike letters": text("  - {id: a, kind: function, timeоut_s: 5}"),
    "a surrogate as an escape": text('  - {id: a, kind: function, title: "\\uD800"}'),
    "a huge key": text(f"  - {{id: a, kind: function, {'x' * 900_000}: 1}}"),
    "a huge text": text(f"  - {{id: a, kind: function, title: {'x' * 900_000}}}"),
    "a long list": text(f"  - {{id: a, kind: function, tags: [{','.join(map(str, range(9000)))}]}}"),
    "many documents": "---\n" * 50_000,
    "many directives": "%TAG ! tag:x,2000:\n" * 5_000 + "---\n" + GOOD,
    "colons": ":" * 500_000,
    "quotes": '"' * 499_999,
    "brackets one after the other": "[]" * 300_000,
    "unknown keys": "{" + ",".join(f"a{i}: b" for i in range(50_000)) + "}",
    "one byte too many": GOOD + "#" * (MAX_BYTES + 1 - len(GOOD.encode())),
}  # fmt: skip
ODD = {
    "a megabyte of comments": GOOD + "#" * (MAX_BYTES - len(GOOD.encode())),
    "half a million blank lines": "\n" * 500_000 + GOOD,
    "lines that end as on other systems": GOOD.replace("\n", "\r\n"),
    "a directive": "%YAML 1.1\n---\n" + GOOD,
    "an end": GOOD + "\n...\n",
    "markup, formulas and formats in texts": text(
        '  - {id: a, kind: function, title: "</title><script>x</script>]]>", owner: "=cmd|x", '
        'tags: ["%s", "{0}", "--", "&amp;", "\\u202e"]}'
    ),
    "everything calls everything": text(
        "\n".join(f"  - {{id: c{i}, kind: function}}" for i in range(24)),
        "edges:\n"
        + "".join(
            f"  - {{from: c{a}, to: c{b}, kind: call, retries: {{max: 999}}}}\n"
            for a, b in permutations(range(24), 2)
        ),
    ),
    "boundaries in boundaries": text(
        "  - {id: a, kind: function, boundary: b0, network: {attached: true}}",
        "boundaries:\n"
        + "".join(f"  - {{id: b{i}, kind: network, parent: b{i + 1}}}\n" for i in range(400))
        + "  - {id: b400, kind: network}\n",
    ),
    "stars in a waiver": text(
        rest="waivers:\n"
        + "".join(
            f"  - {{rule: FUN01, subject: '{'a*' * 40}{i}', category: accepted, by: x,"
            " reason: the reason is long enough, expires: 2999-01-01}\n"
            for i in range(50)
        )
    ),
}
COMMANDS = (
    ("check", "x"), ("check", "x", "--format", "json"), ("check", "x", "--format", "sarif"),
    ("check", "x", "--format", "markdown"), ("check", "x", "--format", "junit"), ("check", "x", "--format", "csv"),
    ("draw", "x"), ("dump", "x"), ("compare", "x", "good"), ("compare", "good", "x"),
    ("questions", "x"), ("questions", "x", "--format", "json"), ("fix", "x"), ("fmt", "x"),
)  # fmt: skip


def refused(source: str) -> None:
    with pytest.raises(Invalid) as caught:
        document.load(source)
    for problem in caught.value.problems:
        assert problem.message and len(str(problem)) < 2_000
        assert str(problem).isprintable()


@pytest.mark.parametrize("value", NUMBERS, ids=lambda value: value[:20])
def test_what_is_no_number_is_refused(value):
    refused(text(f"  - {{id: a, kind: function, timeout_s: {value}}}"))


@pytest.mark.parametrize("value", FINE_NUMBERS)
def test_other_ways_to_write_a_number_are_read(value):
    one = document.load(text(f"  - {{id: a, kind: function, timeout_s: {value}}}")).component("a")
    assert one.get("timeout_s") == FINE_NUMBERS[value]


@pytest.mark.parametrize("id", IDS)
def test_an_id_is_text_whatever_it_looks_like(id):
    edge = f"edges: [{{from: {id}, to: {id}, kind: call}}]\n"
    design = document.load(text(f"  - {{id: {id}, kind: function}}", edge))
    assert design.component(id).id == id
    assert design.edges[0].source == id
    assert document.load(document.dump(design)).component(id).id == id


@pytest.mark.parametrize("id", BAD_IDS, ids=range(len(BAD_IDS)))
def test_what_cannot_be_an_id_is_refused(id):
    refused(text(f"  - {{id: {id}, kind: function}}"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_text_made_to_hurt_is_refused(name):
    refused(BROKEN[name])


@pytest.mark.parametrize("name", ODD)
def test_an_odd_text_is_checked_like_any_other(name):
    design = document.load(ODD[name])
    assert all(finding.verdict is not Verdict.ERROR for finding in check(design))
    assert document.dump(document.load(document.dump(design))) == document.dump(design)


@pytest.mark.parametrize("name", ["a bomb of aliases", "a huge key", *ODD])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_ends_with_an_exit_code_and_says_why(command, name, tmp_path):
    (tmp_path / "x").write_text({**BROKEN, **ODD}[name], encoding="utf-8", newline="")
    (tmp_path / "good").write_text(GOOD, encoding="utf-8")
    words = [str(tmp_path / word) if word in ("x", "good") else word for word in command]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    assert code in ((2,) if name in BROKEN else (0, 1))
    assert out.getvalue() or err.getvalue()
    assert "Traceback" not in err.getvalue()
    assert name not in BROKEN or "line" in err.getvalue() or ":" in err.getvalue()
