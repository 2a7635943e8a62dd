"""Edits of a text: the new design is the old one with the edit, and the rest of the
text stays as it was."""

from __future__ import annotations

import random
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import kinds
from design.document import load, read, value_text
from design.edit import Add, Append, Drop, Refused, Remove, Rename, Set, apply, diff, sentence
from design.kinds import Type
from design.model import Attr, Grant

from .examples import BAD, GOOD, text, without_lines

SMALL = """\
# the head
model: sdm/1
design:
  id: small   # its name
  title: "A: b"
components:
  # first
  - {id: a, kind: function, timeout_s: 3}   # on a
  # second
  - id: b     # on b
    kind: queue

    # about order
    order: 'fifo'   # why fifo
    alarms:
      - depth   # because
      - age
  -   id: c
      kind: function
      runtime:
        name: py
        status: current
edges:
- {from: a, to: b, kind: publish, retries: {max: 2, jitter: true}}
- from: b
  to: c
  kind: poll
# the end
"""


def edited(*edits, text=SMALL):
    return apply(text, edits)


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    found = diff(before, after).splitlines()[2:]
    return ([line[1:] for line in found if line.startswith("-")],
            [line[1:] for line in found if line.startswith("+")])  # fmt: skip


class TestOneEdit:
    @pytest.mark.parametrize(
        ("edit", "gone", "come"),
        [
            (Set("components", "a", "timeout_s", 9),
             ["  - {id: a, kind: function, timeout_s: 3}   # on a"],
             ["  - {id: a, kind: function, timeout_s: 9}   # on a"]),
            (Set("components", "a", "retries", 9), Refused, "“retries” is not an attribute of a function."),
            (Set("components", "a", "memory_mb", 256),
             ["  - {id: a, kind: function, timeout_s: 3}   # on a"],
             ["  - {id: a, kind: function, timeout_s: 3, memory_mb: 256}   # on a"]),
            (Set("components", "b", "max_receive", None), [], ["    max_receive: unknown"]),
            (Set("components", "b", "order", "none"),
             ["    order: 'fifo'   # why fifo"], ["    order: none   # why fifo"]),
            (Set("components", "b", "alarms", ("depth", "age", "lag")), [], ["      - lag"]),
            (Set("components", "b", "alarms", ("age",)), ["      - depth   # because"], []),
            (Set("components", "b", "alarms", ("lag", "age")), ["      - depth   # because"], ["      - lag"]),
            (Set("components", "b", "alarms", ()),
             ["    alarms:", "      - depth   # because", "      - age"], ["    alarms: []"]),
            (Append("components", "b", "alarms", "lag"), [], ["      - lag"]),
            (Append("components", "b", "alarms", "age"), [], []),
            (Append("components", "a", "alarms", "errors"),
             ["  - {id: a, kind: function, timeout_s: 3}   # on a"],
             ["  - {id: a, kind: function, timeout_s: 3, alarms: [errors]}   # on a"]),
            (Set("components", "c", "runtime.status", "eol"),
             ["        status: current"], ["        status: eol"]),
            (Drop("components", "c", "runtime.name"), ["        name: py"], []),
            (Drop("components", "c", "runtime"),
             ["      runtime:", "        name: py", "        status: current"], []),
            (Drop("components", "b", "order"), ["    order: 'fifo'   # why fifo"], []),
            (Drop("components", "b", "ttl"), Refused, "does not state ttl"),
            (Drop("components", "b", "id"), Refused, "cannot be without id"),
            (Set("edges", "a->b:publish", "retries.max", 5),
             ["- {from: a, to: b, kind: publish, retries: {max: 2, jitter: true}}"],
             ["- {from: a, to: b, kind: publish, retries: {max: 5, jitter: true}}"]),
            (Drop("edges", "a->b:publish", "retries.max"),
             ["- {from: a, to: b, kind: publish, retries: {max: 2, jitter: true}}"],
             ["- {from: a, to: b, kind: publish, retries: {jitter: true}}"]),
            (Set("edges", "b->c:poll", "schema.versioned", True), [], ["  schema: {versioned: true}"]),
            (Set("edges", "a->c:call", "cached", True), Refused, "There is no “a->c:call” under edges."),
            (Set("design", "", "goals.p99_ms", 10), [], ["  goals: {p99_ms: 10}"]),
            (Set("design", "", "title", "C: # d"), ['  title: "A: b"'], ['  title: "C: # d"']),
            (Set("defaults", "edge", "timeout_s", 2), [], ["defaults: {edge: {timeout_s: 2}}"]),
            (Set("layout", "", "rank", (("a", "b"),)), [], ["layout: {rank: [[a, b]]}"]),
            (Set("nothing", "a", "x", 1), Refused, "not a section"),
            (Add("components", "d", {"kind": "kv", "backups": "pitr"}), [],
             ["  -   id: d", "      kind: kv", "      backups: pitr"]),
            (Add("components", "a", {"kind": "kv"}), Refused, "There is a “a”"),
            (Add("components", "d", {"kind": "kv", "order": "fifo"}), Refused, "not an attribute of a kv"),
            (Add("edges", "", {"from": "c", "to": "a", "kind": "call", "retries.max": 1, "retries.jitter": True}),
             [], ["- from: c", "  to: a", "  kind: call", "  retries: {max: 1, jitter: true}"]),
            (Add("edges", "two", {"from": "a", "to": "c", "kind": "call"}),
             [], ["- from: a", "  to: c", "  kind: call", "  id: two"]),
            (Add("data", "order", {"class": "internal"}), [], ["data:", "  - {id: order, class: internal}"]),
            (Remove("edges", "b->c:poll"), ["- from: b", "  to: c", "  kind: poll"], []),
            (Remove("components", "b"), ["  - id: b     # on b", "    kind: queue", "",
             "    # about order", "    order: 'fifo'   # why fifo", "    alarms:",
             "      - depth   # because", "      - age"], []),
            (Remove("components", "zz"), Refused, "There is no “zz”"),
            (Rename("components", "b", "work"),
             ["  - id: b     # on b", "- {from: a, to: b, kind: publish, retries: {max: 2, jitter: true}}",
              "- from: b"],
             ["  - id: work     # on b", "    was: b",
              "- {from: a, to: work, kind: publish, retries: {max: 2, jitter: true}}", "- from: work"]),
            (Rename("components", "b", "a"), Refused, "There is a “a”"),
            (Rename("edges", "a->b:publish", "x"), Refused, "cannot be renamed"),
            (Rename("design", "", "large"), ["  id: small   # its name"],
             ["  id: large   # its name", "  was: small"]),
        ],
    )  # fmt: skip
    def test_exactly_these_lines_change(self, edit, gone, come):
        if gone is Refused:
            with pytest.raises(Refused) as refused:
                edited(edit)
            assert refused.value.edit == edit and come in str(refused.value)
            return
        assert lines_changed(SMALL, edited(edit)) == (gone, come)
        if edit != Remove("components", "b"):  # edges still lead to it
            load(edited(edit))

    def test_every_edit_has_a_sentence(self):
        edits = [Set("design", "", "title", "x"), Drop("components", "a", "ttl"),
                 Append("components", "a", "alarms", "errors"), Add("edges", "", {"from": "a", "to": "b", "kind": "call"}),
                 Add("waivers", "", {"rule": "EVT01", "subject": "a"}), Add("data", "x", {}), Remove("data", "x"),
                 Rename("data", "x", "y"), Set("defaults", "edge", "cached", None)]  # fmt: skip
        assert [sentence(edit) for edit in edits] == [
            "Set title of the design to x.", "Remove ttl from a.", "Add errors to alarms of a.",
            "Add the edge a->b:call.", "Add a waiver of EVT01 at a.", "Add x to data.", "Remove x.",
            "Rename x to y.", "Set cached of the defaults of edge to unknown."]  # fmt: skip

    def test_an_unknown_group_keeps_its_other_members_unknown(self):
        source = text(
            "  - {id: a, kind: function}",
            "edges:\n  - {from: a, to: a, kind: call, retries: unknown}\n",
        )
        new = apply(source, [Set("edges", "a->a:call", "retries.max", 0)])
        assert "retries: {backoff: unknown, jitter: unknown, max: 0}" in new

    @pytest.mark.parametrize(
        "source",
        ["{model: sdm/1, design: {id: x}, components: [{id: a, kind: function}]}",
         "{model: sdm/1, design: {id: x}, # c\n components: [ {id: a, kind: function, } , ] }\n",
         "model: sdm/1\r\ndesign: {id: x}\r\ncomponents:\r\n- id: a\r\n  kind: function",
         "\ufeffmodel: sdm/1\ndesign: {id: x}\ncomponents:\n- id: a\n  title: |+\n    x\n\n\n  kind: function\n",
         "model: sdm/1\ndesign: {id: x}\ncomponents:\n- kind: function\n  id: a\n  title: |+\n    x\n\n\n# end\n",
         "---\nmodel: sdm/1\ndesign: {id: é😀x}\ncomponents:\n-\n  id: a\t# tab\there\n  kind:\n    function\n...\n"
         .replace("é😀x", "x"),
         "model: sdm/1\ndesign: {id: x, title: é😀}\ncomponents: [{id: a, kind: function,\n  title: 'one\n\n  two'}]\n"],
    )  # fmt: skip
    @pytest.mark.parametrize(
        "edits",
        [[Set("components", "a", "timeout_s", 3)], [Set("components", "a", "logs.redacted", True)],
         [Set("components", "a", "title", "T")], [Append("components", "a", "tags", "one"), Append("components", "a", "tags", "two")],
         [Add("components", "b", {"kind": "queue"})], [Add("components", "b", {"kind": "queue"}), Set("components", "b", "dlq", None)],
         [Add("edges", "", {"from": "a", "to": "a", "kind": "call"}), Set("edges", "a->a:call", "retries.max", 2),
          Drop("edges", "a->a:call", "retries")], [Rename("components", "a", "z")],
         [Add("components", "b", {"kind": "queue"}), Remove("components", "a")],
         [Set("components", "a", "tags", ("x",)), Drop("components", "a", "tags")]],
    )  # fmt: skip
    def test_every_style_of_text_can_be_edited(self, source, edits):
        wanted = load(source)
        new = apply(source, edits)
        for edit in edits:
            wanted = on_model(wanted, edit)
        assert without_lines(load(new)) == without_lines(wanted)
        assert ("\r" in new) == ("\r" in source)
        assert "\r" not in source or "\n" not in new.replace("\r\n", "")
        assert new.startswith("\ufeff") == source.startswith("\ufeff")
        for comment in ("# c", "# end", "# tab\there"):
            if not any(isinstance(edit, Remove) for edit in edits) or comment == "# end":
                assert (comment in new) == (comment in source)

    @pytest.mark.parametrize(
        ("source", "said"),
        [("a: &x 1", "anchor"), ("a: 1\na: 2", "twice"), ("[", "not YAML"), ("- a", "no top level"), ("", "no top level")],
    )  # fmt: skip
    def test_a_text_that_cannot_be_edited_is_refused(self, source, said):
        with pytest.raises(Refused, match=said) as refused:
            apply(source, [])
        assert refused.value.edit is None

    def test_nothing_is_done_when_one_edit_does_not_apply(self):
        bad = Drop("components", "b", "dlq")
        with pytest.raises(Refused) as refused:
            edited(
                Set("components", "a", "timeout_s", 1), bad, Set("components", "b", "order", "none")
            )
        assert refused.value.edit == bad

    def test_a_rename_follows_every_reference(self):
        new = apply(GOOD, [Rename("components", "work", "jobs"), Rename("data", "order", "sale"),
                           Rename("boundaries", "cloud", "account"), Rename("components", "fulfil", "ship")])  # fmt: skip
        design, problems = read(new)
        assert not problems and design is not None
        assert design.component("jobs").get("was") == "work"
        assert "jobs" in {name for row in design.layout["rank"].value for name in row}
        assert design.decisions[0].get("about") == ("ship",)
        waived = (
            GOOD
            + "waivers:\n  - {rule: EVT05, subject: 'work->pack:poll'}\n  - {rule: ANT07, subject: a+work}\n"
        )
        new = apply(waived, [Rename("components", "work", "Zjobs")])
        assert "subject: Zjobs->pack:poll" in new or 'subject: "Zjobs->pack:poll"' in new
        assert "Zjobs+a" in new


class TestDiff:
    def test_a_diff_is_what_patch_reads(self):
        assert diff("a\n", "a\n") == ""
        assert diff("a\nb", "a\nc", "x.yaml") == (
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n"
            "+c\n\\ No newline at end of file\n"
        )


# -- any edit of any design -----------------------------------------------------------


def on_model(design, edit):
    """What an edit means for a design: told on the values, never on the text."""
    match edit:
        case Set(section, subject, path, value):
            return change(
                design,
                section,
                subject,
                lambda attrs: {**attrs, path: Attr(canonical(value, path), 0)},
            )
        case Append(section, subject, path, value):

            def more(attrs):
                old = attrs[path].value if path in attrs and attrs[path].value else ()
                return {**attrs, path: Attr(canonical((*old, value), path), 0)}

            return change(design, section, subject, more)
        case Drop(section, subject, path):
            return change(
                design,
                section,
                subject,
                lambda attrs: {
                    p: a for p, a in attrs.items() if p != path and not p.startswith(path + ".")
                },
            )
        case Rename("components", old, new):

            def moved(edge):
                ends = [new if end == old else end for end in (edge.source, edge.target)]
                return replace(
                    edge, source=ends[0], target=ends[1], id=f"{ends[0]}->{ends[1]}:{edge.kind}"
                )

            parts = tuple(
                replace(c, id=new, attrs=MappingProxyType({**c.attrs, "was": Attr(old, 0)}))
                if c.id == old
                else c
                for c in design.components
            )
            return in_order(
                replace(design, components=parts, edges=tuple(moved(e) for e in design.edges))
            )
        case Remove(section, subject):
            return replace(
                design, **{section: tuple(p for p in getattr(design, section) if p.id != subject)}
            )
        case Add(section, subject, said):
            attrs = MappingProxyType(
                {p: Attr(v, 0) for p, v in said.items() if p not in ("kind", "from", "to")}
            )
            if section == "edges":
                from design.model import Edge

                id = f"{said['from']}->{said['to']}:{said['kind']}" + (
                    f"#{subject}" if subject else ""
                )
                part = Edge(
                    id=id, source=said["from"], target=said["to"], kind=said["kind"], attrs=attrs
                )
            else:
                from design.model import Component

                part = Component(id=subject, kind=said["kind"], attrs=attrs)
            return in_order(replace(design, **{section: (*getattr(design, section), part)}))


def in_order(design):
    return replace(
        design,
        **{
            s: tuple(sorted(getattr(design, s), key=lambda p: p.id))
            for s in ("components", "edges")
        },
    )


def canonical(value, path):
    if not isinstance(value, tuple):
        return value
    if path in ("alarms", "needs", "delivery.tests"):
        order = {"alarms": kinds.ALARMS.split()}.get(path) or kinds.DESIGN[path].words
        return tuple(sorted(dict.fromkeys(value), key=order.index))
    return tuple(sorted(set(value))) if path in ("data", "holds") else tuple(dict.fromkeys(value))


def change(design, section, subject, how):
    if section == "design":
        return replace(design, attrs=MappingProxyType(dict(sorted(how(design.attrs).items()))))
    parts = tuple(
        replace(p, attrs=MappingProxyType(dict(sorted(how(p.attrs).items()))))
        if p.id == subject
        else p
        for p in getattr(design, section)
    )
    return replace(design, **{section: parts})


def a_value(chance, attribute, design):
    """Some value that an attribute may have, None for no idea."""
    match attribute.type:
        case Type.TEXT:
            return chance.choice(
                (
                    "plain",
                    "with: colon",
                    "# no comment",
                    "é 😀",
                    "unknown",
                    "7",
                    "",
                    "a\nb",
                    "- x",
                    "{a}",
                    "'",
                    '"',
                )
            )
        case Type.INTEGER | Type.NUMBER:
            return chance.choice((1, int(min(attribute.high, 60)), int(min(attribute.high, 1000))))
        case Type.BOOLEAN:
            return chance.choice((True, False))
        case Type.NOTE:
            return chance.choice((True, False, "how: so"))
        case Type.WORD:
            return chance.choice(attribute.words)
        case Type.WORDS:
            return tuple(chance.sample(attribute.words, chance.randrange(len(attribute.words))))
        case Type.TEXTS:
            return tuple(chance.sample(("a", "b, c", "*", "d # e"), chance.randrange(4)))
        case Type.REFERENCES if attribute.refers == ("data",) and design.data:
            return tuple(d.id for d in design.data if chance.random() < 0.5)
    return None


def an_edit(chance, design):
    roll = chance.random()
    if roll < 0.08:
        return Add(
            "components", f"new{chance.randrange(10**6)}", {"kind": "queue", "order": "fifo"}
        )
    if roll < 0.14:
        source, target = (chance.choice(design.components).id for _ in range(2))
        if any((e.source, e.target, e.kind) == (source, target, "call") for e in design.edges):
            return Add("components", f"q{chance.randrange(10**6)}", {"kind": "queue"})
        ends = {"from": source, "to": target, "kind": "call", "retries.max": 1}
        return Add("edges", f"e{chance.randrange(10**6)}", ends)
    if roll < 0.2 and design.edges:
        return Remove("edges", chance.choice(design.edges).id)
    section = chance.choice(("design", "components", "components", "edges"))
    if section == "design":
        part, table = design, kinds.DESIGN
    else:
        part = chance.choice(getattr(design, section) or design.components)
        section = "edges" if hasattr(part, "source") else "components"
        table = kinds.EDGE if section == "edges" else kinds.COMPONENT_KINDS[part.kind].attributes
    subject = "" if section == "design" else part.id
    own = [p for p, attr in part.attrs.items() if not attr.defaulted]
    if own and chance.random() < 0.3:
        return Drop(section, subject, chance.choice(own))
    path = chance.choice([p for p in table if p != "was"])
    value = a_value(chance, table[path], design)
    if isinstance(value, tuple) and chance.random() < 0.4 and value:
        return Append(section, subject, path, value[0])
    return Set(section, subject, path, value)


STYLES = ("as it is", "lines", "crlf", "no end", "one line")


def styled(source, style, chance):
    """The same design in another way of writing."""
    if style == "as it is":
        return source
    if style in ("crlf", "no end"):
        return source.replace("\n", "\r\n") if style == "crlf" else source.rstrip("\n")
    design = load(source)
    from design.document import dump

    canonical_text = dump(design)
    if style == "lines":
        out = []
        for line in canonical_text.splitlines():
            out.append(line + chance.choice(("", "", "  # why\tnot")))
            if chance.random() < 0.1:
                out.append(chance.choice(("", "# alone", "      # indented é")))
        return "\n".join(out) + "\n"
    from design.document import safe_tree

    def flow(node):
        if isinstance(node, dict):
            return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in node.items()) + "}"
        if isinstance(node, list):
            return "[" + ", ".join(map(flow, node)) + "]"
        return value_text(node)

    return flow(safe_tree(canonical_text))


def comments(source):
    return sorted(part for line in source.splitlines() for part in [line.partition("#")[2]] if part)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([GOOD, BAD, SMALL]),
    st.sampled_from(STYLES),
    st.integers(0, 2**32),
    st.integers(1, 5),
)
def test_reading_the_new_text_gives_the_old_design_with_the_edits(source, style, seed, times):
    chance = random.Random(seed)
    before = styled(source, style, chance)
    design = wanted = load(before)
    edits = []
    for _ in range(times):
        edit = an_edit(chance, wanted)
        if isinstance(edit, Drop) and not wanted_has(wanted, edit):
            continue
        edits.append(edit)
        wanted = on_model(wanted, edit)
    new = apply(before, edits)
    again, problems = read(new)
    assert not problems, problems
    assert without_defaults(again) == without_defaults(wanted), edits
    assert without_lines(load(before)) == without_lines(design)
    if not any(
        isinstance(e, Drop | Remove) or isinstance(getattr(e, "value", 0), tuple | str)
        for e in edits
    ):
        assert comments(new) == comments(before)
    untouched = set(before.splitlines()) - set(new.splitlines())
    assert len(untouched) <= 12 * len(edits) or style == "one line"


def wanted_has(design, edit):
    if edit.section == "design":
        return edit.path in design.attrs
    return any(p.id == edit.subject and edit.path in p.attrs for p in getattr(design, edit.section))


def without_defaults(design):
    """What a design says itself: dropping an attribute brings its default back."""

    def own(part):
        return {p: a.value for p, a in part.attrs.items() if not a.defaulted}

    return (own(design), [(p.id, p.kind, own(p)) for p in (*design.components, *design.edges)],
            {k: {p: a.value for p, a in said.items()} for k, said in design.defaults.items()})  # fmt: skip


def test_grants_are_written_and_read():
    source = text(
        "  - {id: a, kind: function, grants: [{to: b, actions: [read]}]}\n  - {id: b, kind: kv}"
    )
    new = apply(source, [Append("components", "a", "grants", Grant("b", ("write",)))])
    assert load(new).component("a").grants == (Grant("b", ("read", "write")),)
    new = apply(source, [Set("components", "a", "grants", (Grant("*", ("*",)),))])
    assert load(new).component("a").grants == (Grant("*", ("*",)),)
