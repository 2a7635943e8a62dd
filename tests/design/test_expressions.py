"""The expression language of rule packs: what it gives, refuses and survives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document
from design.packs import BadExpression
from design.packs._evaluate import NEVER, Evaluator, Sight
from design.packs._parse import parse
from design.packs._rule import selector
from design.packs._scope import Scope, check
from design.packs._tokens import tokens
from design.profiles import profile
from design.rules import Case, Facts, RuleError

TEXT = """
model: sdm/1
design: {id: shop, criticality: high, traffic: {peak_rps: 50}}
boundaries: [{id: eu, kind: region, region: eu-west-1}, {id: net, kind: network, parent: eu}]
data:
  - {id: address, class: confidential, personal: true, retention_days: 30}
  - {id: clicks, class: internal, personal: false}
  - {id: notes}
components:
  - {id: web, kind: client}
  - {id: front, kind: api, auth: jwt, timeout_s: 29, boundary: net}
  - {id: serve, kind: function, timeout_s: 10, memory_mb: unknown, duration_ms: {p99: 200},
     alarms: [errors, throttles], boundary: net}
  - {id: work, kind: function, timeout_s: 20, duration_ms: {p99: 800}}
  - {id: mail, kind: external, dpa: false}
  - {id: jobs, kind: queue, holds: [address]}
  - {id: orders, kind: kv, holds: [address, clicks], boundary: eu}
edges:
  - {from: web, to: front, kind: call, data: [address]}
  - {from: front, to: serve, kind: call, data: [address], timeout_s: 12}
  - {from: serve, to: jobs, kind: publish, data: [address]}
  - {from: jobs, to: work, kind: poll, data: []}
  - {from: work, to: mail, kind: call}
  - {from: work, to: orders, kind: write, data: [clicks]}
  - {from: serve, to: work, kind: call, data: []}
"""
DESIGN = document.load(TEXT)
FACTS = Facts(DESIGN, profile("generic"))


def part(id):
    found = DESIGN.find(id) or DESIGN.data_item(id) or DESIGN.boundary(id)
    return found or next((e for e in DESIGN.edges if e.id == id), DESIGN)


def scope_of(subject):
    for kind in ("boundary", "data", "edge", "design"):
        if type(subject).__name__.lower().startswith(kind):
            return Scope(kind)
    return Scope("component", (subject.kind,))


def value(text, id="serve", budget=None):
    subject = part(id)
    tree = parse(text)
    check(tree, scope_of(subject))
    sight = Sight(FACTS)
    if budget is not None:
        sight.left = budget
    return Evaluator(sight, subject, Case(subject)).value(tree, subject)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3 == 7", True),
        ("(1 + 2) * 3 == 9", True),
        ("10 - 4 - 3 == 3", True),
        ("-timeout_s < -9", True),
        ("7 / 2 > 3.4", True),
        ("not true or true", True),
        ("not (true or true)", False),
        ("true or false and false", True),
        ("timeout_s >= 10 and timeout_s <= 10", True),
        ('kind == "function" and id == "serve"', True),
        ('"errors" in alarms', True),
        ('"age" not in alarms', True),
        ('alarms == ["throttles", "errors"]', True),
        ('["errors"] <= alarms', True),
        ('(["errors", "age"] & alarms) == ["errors"]', True),
        ('(["errors", "age"] - alarms) == ["age"]', True),
        ('(["age"] | ["lag"]) == ["lag", "age"]', True),
        ("memory_mb > 100", None),
        ("memory_mb > 100 and false", False),
        ("memory_mb > 100 or true", True),
        ("not (memory_mb > 100)", None),
        ("memory_mb > 100 or timeout_s > 100", None),
        ("absent(memory_mb)", None),
        ("absent(init_ms)", True),
        ("absent(timeout_s)", False),
        ("absent(duration_ms)", False),
        ("absent(concurrency)", True),
        ('design.criticality in ["high", "critical"]', True),
        ("timeout_s < profile.max_timeout_s", True),
        ("count(out_edges) == 2", True),
        ("count(out_edges(call)) == 1", True),
        ("count(in_edges, timeout_s == 12) == 1", True),
        ('any(out_edges, to.kind == "queue")', True),
        ('all(out_edges, to.kind == "queue")', False),
        ("any(in_edges, from.timeout_s > subject.timeout_s)", True),
        ('any(reachable, kind == "external" and dpa == false)', True),
        ('any(reachable(publish), kind == "external")', False),
        ("sum(in_edges, timeout_s) == 12", True),
        ("max(in_edges, timeout_s) > 20", False),
        ("max(reachable(publish, poll), timeout_s) == 20", True),
        ("paths_max(call, duration_ms.p99) == 1000", True),
        ("paths_max([call, publish, poll], duration_ms.p99) == 1000", True),
        ("any(in_edges, any(items, personal == true))", True),
        ("any(in_edges, to.boundary == subject.boundary)", True),
    ],
)
def test_what_an_expression_gives(text, wanted):
    assert value(text) is wanted


@pytest.mark.parametrize(
    ("id", "text", "wanted"),
    [
        ("address", "count(carriers) == 3", None),
        ("address", 'any(carriers, to.kind == "queue")', True),
        ("address", 'any(holders, kind == "kv")', True),
        ("address", "count(holders) == 2", True),
        ("clicks", 'all(holders, kind == "kv")', True),
        ("notes", "personal == true", None),
        ("notes", "count(holders) == 0", True),
        ("net", "count(members) == 2", True),
        ("eu", "count(members) == 3", True),
        ("eu", 'kind == "region"', True),
        ("design", "traffic.peak_rps * 2 == 100", True),
        ("design", 'count(components, kind == "function") == 2', True),
        ("design", "any(items, personal == true)", True),
        ("work->mail:call", "any(items, personal == true)", None),
        ("work->mail:call", 'to.kind == "external" and to.dpa != true', True),
        ("serve->jobs:publish", "to.dpa == true", False),
        ("serve->jobs:publish", "to.dpa != true", True),
        ("serve->jobs:publish", "not (to.timeout_s > 3)", True),
        ("serve->jobs:publish", "count(from.out_edges) == 2", True),
        ("front->serve:call", "timeout_s > to.timeout_s", True),
    ],
)
def test_other_subjects(id, text, wanted):
    assert value(text, id) is wanted


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "Found the end; expected a value"),
        ("timeout_s >", 12, "Found the end"),
        ("timeout_s = 3", 11, "Write == to compare."),
        ("timeout_s > 3 timeout_s", 15, "An operator is missing in front of it."),
        ("1 < timeout_s < 3", 15, "joined with and"),
        ("(timeout_s > 3", 15, "expected “)”"),
        ("timeout_s > 'x", 13, "no closing quote"),
        ("timout_s > 3", 1, "Did you mean “timeout_s”?"),
        ("duration_ms > 3", 1, "Say which: duration_ms.p50, duration_ms.p99."),
        ("out_edges > 3", 1, "Look through it"),
        ("auth == jwt", 9, "Put quotes around a text."),
        ('auth == "jwtt"', 9, "Did you mean “jwt”?"),
        ('auth in ["jwt", "iamm"]', 17, "Did you mean “iam”?"),
        ('kind == "queue"', 9, 'kind is never “"queue"”'),
        ('timeout_s == "3"', 11, "joins a number and a text"),
        ("timeout_s and true", 1, "and needs true or false"),
        ("not timeout_s", 5, "not needs true or false"),
        ("-tracing", 2, "- needs a number"),
        ("any(out_edges)", 14, "and what any looks at"),
        ("any(out_edge, true)", 5, "Did you mean “out_edges”?"),
        ("any(out_edges(cal), true)", 15, "Did you mean “call”?"),
        ("any(items(call), true)", 11, "is not narrowed by kinds"),
        ("sum(out_edges, true)", 16, "sum needs a number"),
        ("anny(out_edges, true)", 1, "Did you mean “any”?"),
        ("profile.max_timeout > 3", 1, "Did you mean “max_timeout_s”?"),
        ("any(out_edges, to == 3)", 16, "Say what of it, for example to.kind."),
        ("to.kind == 'api'", 1, "“to” is an end of an edge"),
        ("grants == []", 1, "cannot be read"),
        ("absent(id)", 8, "is never absent"),
        ("alarms in 3", 8, "looks for one value in a list"),
        ("alarms > timeout_s", 8, "joins a list and a number"),
        ("a.. > 3", 2, "without spaces"),
        ("{timeout_s} > 3", 1, "brackets"),
        ("paths_max(cal, timeout_s) > 3", 11, "Did you mean “call”?"),
        ("count(holders) > 1", 7, "A component has no “holders”."),
    ],
)
def test_a_mistake_is_told_with_its_column_and_a_remedy(text, column, said):
    with pytest.raises(BadExpression) as bad:
        check(parse(text), Scope("component", ("function",)))
    assert said in str(bad.value)
    assert (bad.value.line, bad.value.column) == (1, column)


def test_a_mistake_on_the_second_line_is_counted_there():
    with pytest.raises(BadExpression) as bad:
        check(parse("timeout_s > 3\n  and timout_s > 4"), Scope("component", ("function",)))
    assert (bad.value.line, bad.value.column) == (2, 7)


@pytest.mark.parametrize(
    "text", ["(" * 500 + "1" + ")" * 500, "not " * 400 + "true", "[" * 900, "-" * 900 + "1"]
)
def test_depth_is_bounded(text):
    with pytest.raises(BadExpression, match="nested more than"):
        parse(text)


def test_length_is_bounded():
    with pytest.raises(BadExpression, match="at most 2,000 are read"):
        parse("1 + " * 600 + "1")


def test_the_budget_ends_in_words():
    nested = "any(components, any(out_edges, any(to.in_edges, id == 'x')))"
    with pytest.raises(RuleError, match="more operations than it may"):
        value(nested, "design", budget=20)
    assert value(nested, "design") is False


def test_the_budget_grows_with_the_design_and_no_faster():
    assert Sight(FACTS).left == 100_000


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["function"], "component"),
        (["store", "queue"], "component"),
        (["edge:call", "edge:read"], "edge"),
        (["boundary:network"], "boundary"),
        (["design"], "design"),
        (["data"], "data"),
    ],
)
def test_selectors(words, what):
    assert selector(words).what == what


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["functon"], "Did you mean “function”?"),
        (["call"], "write edge:call"),
        (["data", "edge"], "one"),
        (["edge:cal"], "Did you mean “edge:call”?"),
    ],
)
def test_selectors_that_mean_nothing(words, said):
    with pytest.raises(ValueError, match=said):
        selector(words)


# -- whatever a stranger writes -------------------------------------------------

WORDS = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "in",
        "true",
        "false",
        "(",
        ")",
        "[",
        "]",
        ",",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "|",
        "&",
        "any(",
        "all(",
        "count(",
        "sum(",
        "max(",
        "paths_max(",
        "absent(",
        "out_edges",
        "in_edges",
        "reachable",
        "items",
        "holders",
        "carriers",
        "members",
        "to.",
        "from.",
        "subject.",
        "design.",
        "profile.",
        "timeout_s",
        "kind",
        "id",
        "auth",
        "to.kind",
        "3",
        "0",
        "1.5",
        "'jwt'",
        '"x"',
        "memory_mb",
        "alarms",
        "duration_ms.p99",
        "call",
        "publish",
        "\n",
        ".",
        "=",
        "!",
        "{",
        "}",
        "'",
        '"',
        "#",
        "é",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join)))
def test_any_text_is_an_expression_or_a_mistake_with_a_place(text):
    try:
        tree = parse(text)
        kind = check(tree, Scope("component", ("function",)))
    except BadExpression as bad:
        assert 1 <= bad.line <= text.count("\n") + 1
        assert bad.column >= 1
        assert bad.message
        return
    assert kind
    try:
        found = value(text)
    except RuleError:
        return
    assert (
        found is None or found is NEVER or isinstance(found, bool | int | float | str | frozenset)
    )


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab_1. =<>!()[]'\"\n", max_size=60))
def test_tokens_lose_nothing(text):
    try:
        found = tokens(text)
    except BadExpression:
        return
    assert "".join(t.text for t in found) == "".join(text.split()) or "'" in text or '"' in text
    assert found[-1].kind == "end"


TRUTHS = st.recursive(
    st.sampled_from(["true", "false", "memory_mb > 1", "timeout_s > 1"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({' '.join(t)})"),
        inner.map(lambda t: f"not ({t})"),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(TRUTHS)
def test_not_known_means_that_both_answers_are_possible(text):
    """Kleene's logic is sound: where the value is decided, no way of filling in
    what is missing decides otherwise."""
    if text.count("(") > 12:
        return
    found = value(text)
    ways = {value(text.replace("memory_mb > 1", word)) for word in ("true", "false")}
    assert None not in ways
    if found is not None:
        assert ways == {found}
