"""What the text may say, and what is said about texts that may not."""

from __future__ import annotations

import pytest

from design import document, kinds, profiles
from design.document import Invalid
from design.model import Grant

from .examples import BAD, GOOD, text, without_lines


def problems(source: str | bytes) -> list[str]:
    found, said = document.read(source)
    assert found is None, "the text was accepted"
    return [str(problem) for problem in said]


class TestReading:
    def test_both_examples_are_read_without_a_problem(self):
        good, bad = document.load(GOOD), document.load(BAD)
        assert (len(good.components), len(good.edges)) == (16, 14)
        assert (len(bad.components), len(bad.edges)) == (18, 27)

    def test_attributes_are_flat_and_know_their_lines(self):
        design = document.load(GOOD)
        bill = design.component("bill")
        assert bill.get("concurrency.reserved") == 15
        assert GOOD.splitlines()[bill.line_of("concurrency.reserved") - 1].strip().startswith("con")
        assert bill.grants[0] == Grant("ledger-proxy", ("connect",))
        assert design.get("traffic.peak_rps") == 120

    def test_unknown_is_said_but_not_known(self):
        one = document.load(text("  - {id: a, kind: function, timeout_s: unknown}")).component("a")
        assert one.has("timeout_s")
        assert one.get("timeout_s") is None

    def test_unknown_for_a_group_is_unknown_for_all_in_it(self):
        one = document.load(text("  - {id: a, kind: function, logs: unknown}")).component("a")
        assert one.has("logs.structured")
        assert one.get("logs.level") is None

    def test_defaults_are_expanded_and_marked(self):
        source = text(
            "  - {id: a, kind: function, timeout_s: 5}\n  - {id: b, kind: queue}",
            "edges:\n  - {from: a, to: b, kind: publish}\n  - {from: a, to: a, kind: call}\n"
            "defaults: {function: {timeout_s: 9, memory_mb: 128}, "
            "edge: {timeout_s: 3, payload_kb: 1}, publish: {payload_kb: 7}}\n",
        )
        design = document.load(source)
        a = design.component("a")
        assert (a.get("timeout_s"), a.attrs["timeout_s"].defaulted) == (5, False)
        assert (a.get("memory_mb"), a.attrs["memory_mb"].defaulted) == (128, True)
        call, publish = design.edges
        assert (publish.get("payload_kb"), publish.get("timeout_s")) == (7, 3)
        assert call.get("payload_kb") == 1

    def test_yes_and_no_are_text_unless_a_boolean_is_asked_for(self):
        source = text("  - {id: a, kind: function, owner: no, tracing: on, tags: [yes, 1.10]}")
        one = document.load(source).component("a")
        assert (one.get("owner"), one.get("tracing")) == ("no", True)
        assert one.get("tags") == ("yes", "1.10")

    def test_a_version_that_looks_like_a_date_stays_text(self):
        source = text("  - {id: a, kind: function, runtime: {name: 2024-01-31}}")
        assert document.load(source).component("a").get("runtime.name") == "2024-01-31"

    def test_the_order_of_the_file_never_matters(self):
        lines = GOOD.splitlines(keepends=True)
        first = next(i for i, line in enumerate(lines) if line.startswith("edges:")) + 1
        last = next(i for i, line in enumerate(lines) if i > first and not line.strip())
        turned = "".join(lines[:first] + lines[first:last][::-1] + lines[last:])
        assert document.dump(document.load(turned)) == document.dump(document.load(GOOD))

    @pytest.mark.parametrize("kind", kinds.COMPONENT_KINDS)
    def test_every_attribute_of_a_kind_can_be_unknown(self, kind):
        paths = kinds.COMPONENT_KINDS[kind].attributes
        said = ", ".join(
            f"{name}: unknown" for name in dict.fromkeys(p.split(".")[0] for p in paths)
        )
        one = document.load(text(f"  - {{id: a, kind: {kind}, {said}}}")).component("a")
        assert set(one.attrs) == set(paths)

    def test_there_are_all_the_kinds(self):
        assert len(kinds.COMPONENT_KINDS) == 27
        assert {k.delivery for k in kinds.EDGE_KINDS.values()} == {
            "sync",
            "at_least_once",
            "deploy",
        }

    def test_the_profiles_that_can_be_named_are_those_that_exist(self):
        assert kinds.DESIGN["profile"].words == profiles.NAMES


class TestProblems:
    def test_an_unknown_attribute_names_the_nearest(self):
        (said,) = problems(text("  - {id: a, kind: function, timout_s: 5}"))
        assert said.startswith(
            "line 4: components[a]: “timout_s” is not an attribute of a function"
        )
        assert "Did you mean “timeout_s”?" in said

    def test_an_attribute_of_another_kind_says_whose_it_is(self):
        (said,) = problems(text("  - {id: a, kind: function, visibility_s: 5}"))
        assert "Only queue can have it." in said

    def test_an_unknown_word_names_the_nearest(self):
        (said,) = problems(text("  - {id: a, kind: api, auth: jwtt}"))
        assert "expected one of none, key, iam, jwt, custom, mtls" in said
        assert "Did you mean “jwt”?" in said

    def test_an_unknown_kind_names_the_nearest(self):
        (said,) = problems(text("  - {id: a, kind: lambda-function}"))
        assert "Did you mean “function”?" in said

    def test_all_problems_are_reported_together_by_line(self):
        said = problems(
            "model: sdm/2\ndesign: {id: x, stage: liv}\ncomponents:\n"
            "  - {id: a, kind: functon}\n  - {id: b, kind: api, timeout_s: -1}\n"
            "  - {id: b, kind: api}\nedges:\n  - {from: b, to: zz, kind: call}\n"
        )
        lines = [int(one.split(":")[0].removeprefix("line ")) for one in said]
        assert lines == sorted(lines)
        assert len(said) == 6

    def test_a_duplicate_id_names_both_lines(self):
        said = problems(text("  - {id: a, kind: api}\n  - {id: a, kind: sql}"))
        assert said == [
            "line 5: components: The component “a” stands twice, on lines 4 and 5."
            " Give one of them another id."
        ]

    def test_a_duplicate_key_names_both_lines(self):
        said = problems(text("  - id: a\n    kind: api\n    waf: true\n    waf: false"))
        assert "“waf” stands twice, on lines 6 and 7." in said[0]

    @pytest.mark.parametrize(
        ("component", "name"),
        [
            ("{id: a, kind: queue, dlq: nowhere}", "queue “nowhere”"),
            ("{id: a, kind: queue, boundary: nowhere}", "boundary “nowhere”"),
            ("{id: a, kind: kv, holds: [nothing]}", "data item “nothing”"),
            ("{id: a, kind: function, grants: [{to: b, actions: [read]}]}", "component “b”"),
        ],
    )
    def test_a_name_that_nothing_has_is_a_problem(self, component, name):
        (said,) = problems(text(f"  - {component}"))
        assert f"There is no {name}." in said
        assert said.startswith("line 4:")

    def test_a_dead_letter_queue_has_to_be_a_queue(self):
        (said,) = problems(text("  - {id: a, kind: queue, dlq: b}\n  - {id: b, kind: kv}"))
        assert "There is no queue “b”." in said

    def test_edges_and_waivers_refer_to_what_exists(self):
        said = problems(
            text(
                rest="edges:\n  - {from: a, to: b, kind: call, on_failure: c, data: [d]}\n"
                "waivers:\n  - {rule: EVT01, subject: zz}\n"
                "decisions:\n  - {id: one, about: [yy], supersedes: two}\n"
            )
        )
        assert [one.split(" There is ")[1].split(".")[0] for one in said] == [
            "no data item “d”",
            "no component “c”",
            "no component “b”",
            "no component, edge, boundary or data item “zz”",
            "no component, edge, boundary or data item “yy”",
            "no decision “two”",
        ]

    def test_boundaries_that_contain_one_another_are_a_problem(self):
        said = problems(
            text(
                rest="boundaries:\n  - {id: x, kind: account, parent: y}\n"
                "  - {id: y, kind: network, parent: x}\n  - {id: z, kind: team, parent: z}\n"
            )
        )
        assert [one.split(": ", 2)[2] for one in said] == [
            "Boundaries contain one another: x, y.",
            "Boundaries contain one another: z.",
        ]

    def test_two_equal_edges_need_an_id_each(self):
        twice = "edges:\n  - {from: a, to: a, kind: call}\n  - {from: a, to: a, kind: call}\n"
        assert (
            "Two edges of one kind between one pair each need an id."
            in problems(text(rest=twice))[0]
        )
        named = (
            "edges:\n  - {id: x, from: a, to: a, kind: call}\n"
            "  - {id: y, from: a, to: a, kind: call}\n  - {from: a, to: a, kind: read}\n"
        )
        ids = [edge.id for edge in document.load(text(rest=named)).edges]
        assert ids == ["a->a:call#x", "a->a:call#y", "a->a:read"]

    def test_one_of_two_equal_edges_without_an_id_is_a_problem(self):
        for pair in (("id: x, ", ""), ("", "id: x, ")):
            edges = "".join(f"  - {{{name}from: a, to: a, kind: call}}\n" for name in pair)
            assert len(problems(text(rest="edges:\n" + edges))) == 1

    def test_a_poll_drawn_backwards_is_explained(self):
        source = text(
            "  - {id: f, kind: function}\n  - {id: q, kind: queue}",
            "edges:\n  - {from: f, to: q, kind: poll}\n",
        )
        assert "Swap from and to." in problems(source)[0]

    @pytest.mark.parametrize(
        "value", ["-1", ".nan", ".inf", "1e999", "9" * 400, "ten", '"5"', "[5]"]
    )
    def test_a_number_has_to_be_one(self, value):
        assert len(problems(text(f"  - {{id: a, kind: api, timeout_s: {value}}}"))) == 1

    def test_a_count_has_to_be_whole_and_a_share_at_most_one(self):
        assert "a whole number" in problems(text("  - {id: a, kind: function, routes: 1.5}"))[0]
        edge = "edges:\n  - {from: a, to: a, kind: call, probability: 1.2}\n"
        assert "from 0 to 1" in problems(text(rest=edge))[0]

    @pytest.mark.parametrize("id", ["unknown", "design", "a b", "<b>", "a->b", '""', "[x]", "é"])
    def test_an_id_has_to_be_a_slug(self, id):
        assert len(problems(text(f"  - {{id: {id}, kind: api}}"))) == 1

    def test_long_lists_of_problems_are_cut_and_counted(self):
        many = "\n".join(f"  - {{id: a{i}, kind: nothing}}" for i in range(500))
        said = problems(text(many))
        assert len(said) == 201
        assert said[-1].endswith("300 more problems are not listed.")

    def test_a_text_without_a_beginning_says_how_to_begin(self):
        for source in ("", "# nothing", "[]", "hello", "null"):
            assert "model: sdm/1" in problems(source)[0]


class TestHostileTexts:
    def test_deep_nesting_is_refused_before_it_can_hurt(self):
        for source in ("[" * 60_000, "{a: " * 60_000, "- " * 60_000, "? " * 60_000):
            assert "nested more than 64 levels" in problems(source)[-1]

    def test_aliases_anchors_and_tags_are_refused(self):
        said = problems(
            text("  - &x {id: a, kind: api}\n  - *x\n  - !!python/name:os.system {id: b}")
        )
        assert any("anchor “&x”" in one for one in said)
        assert any("alias “*x”" in one for one in said)
        assert any("tag “tag:yaml.org,2002:python/name:os.system”" in one for one in said)

    def test_a_text_of_more_than_a_megabyte_is_refused(self):
        for source in ("#" * 1_100_000, b"#" * 1_100_000, "é" * 600_000):
            assert "at most 1,048,576 are read" in problems(source)[0]

    def test_a_text_of_too_many_parts_is_refused(self):
        assert "more than 200,000 parts" in problems("[" + "a," * 210_000 + "]")[-1]

    def test_too_many_components_or_edges_are_refused(self):
        components = "\n".join(f"  - {{id: c{i}, kind: kv}}" for i in range(2001))
        edges = "  - {from: a, to: a, kind: call}\n" * 5001
        assert "at most 2,000 are read" in problems(text(components))[0]
        assert "at most 5,000 are read" in problems(text(rest="edges:\n" + edges))[0]

    def test_bytes_that_are_not_utf8_name_the_line(self):
        assert problems(GOOD.encode()[:200] + b"\n\xff\xfe") == [
            f"line {GOOD[:200].count(chr(10)) + 2}: This is not UTF-8 text."
        ]

    @pytest.mark.parametrize("bad", ["\\0", "\\x1b", "\\e", "\\uFFFE"])
    def test_nor_are_they_let_in_as_escapes(self, bad):
        (said,) = problems(
            f'model: sdm/1\ndesign: {{id: small, title: "{bad}"}}\ncomponents: [{{id: a, kind: function}}]\n'
        )
        assert said.startswith("line 2: A control character")

    @pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\ud800", "\ufffe"])
    def test_control_characters_name_the_line(self, bad):
        assert problems(f"model: sdm/1\ndesign: {bad}")[0].startswith("line 2: A control character")

    def test_a_second_document_is_refused(self):
        assert "A second document begins here" in problems(GOOD + "\n---\n" + GOOD)[0]

    def test_broken_yaml_names_the_line(self):
        assert problems("model: sdm/1\ndesign: {id: x\nfoo: ]\n")[0].startswith("line 3: ")
        assert "never with tabs" in problems("model: sdm/1\n\tdesign: x\n")[0]

    def test_a_byte_order_mark_is_no_problem(self):
        assert document.load("\ufeff" + GOOD).id == "photo-orders"
        assert document.load(b"\xef\xbb\xbf" + GOOD.encode()).id == "photo-orders"

    def test_nothing_but_invalid_is_raised(self):
        with pytest.raises(Invalid) as caught:
            document.load("model: x")
        assert isinstance(caught.value, ValueError)
        assert caught.value.problems == document.read("model: x")[1]


class TestWriting:
    @pytest.mark.parametrize("source", [GOOD, BAD])
    def test_what_was_written_is_read_again_as_it_was(self, source):
        design = document.load(source)
        again = document.load(document.dump(design))
        assert without_lines(again) == without_lines(design)
        assert document.dump(again) == document.dump(design)

    def test_odd_texts_survive(self):
        odd = ["unknown", "true", "5", "a: b", "# x", 'say "hi"', "two\nlines", "\u2028", " x ", "", "ü",
               "back\\slash", "\U0001f600", "- a", "\ufeff", "null", "2024-01-01", "x:"]  # fmt: skip
        for value in odd:
            quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            quoted = quoted.replace("\u2028", "\\u2028").replace("\ufeff", "\\uFEFF")
            design = document.load(text(f'  - {{id: a, kind: api, title: "{quoted}"}}'))
            assert design.component("a").attrs["title"].value == value
            again = document.load(document.dump(design))
            assert again.component("a").attrs["title"].value == value

    def test_defaults_are_written_once(self):
        source = text(rest="defaults: {function: {timeout_s: 9, logs: {level: info}}}\n")
        design = document.load(source)
        written = document.dump(design)
        assert written.count("timeout_s: 9") == 1
        assert without_lines(document.load(written)) == without_lines(design)

    def test_one_changed_attribute_changes_one_line(self):
        before = document.dump(document.load(GOOD)).splitlines()
        after = document.dump(
            document.load(GOOD.replace("memory_mb: 256", "memory_mb: 300"))
        ).splitlines()
        assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
            ("    memory_mb: 256", "    memory_mb: 300")
        ]


class TestWhatPeopleTryFirst:
    @pytest.mark.parametrize(
        ("source", "what"),
        [
            ("AWSTemplateFormatVersion: 1\nResources: {a: {Type: !Ref b}}", "AWS CloudFormation"),
            ("service: a\nprovider: {name: aws}\nfunctions: {}", "Serverless Framework"),
            ('{"StartAt": "a", "States": {"a": {}}}', "Amazon States Language"),
            ('{"StartAt": "a", "Timeout": ${seconds}}', "Amazon States Language"),
            ('resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n', "Terraform"),
            ("resource q 'Microsoft.Web/sites' = {\n}\n", "Bicep"),
            ("apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n", "Kubernetes"),
            ("main: {steps: []}", "Google Cloud"),
            ("services: {web: {image: a}}", "Compose"),
        ],
    )
    def test_one_sentence_says_what_it_is(self, source, what):
        (said,) = problems(source)
        assert f"{what}" in said and "not a design" in said and "model: sdm/1" in said

    def test_a_design_may_use_such_words(self):
        assert "not a design" not in "".join(problems("model: sdm/1\nservices: {}\n"))


def test_a_quote_or_bracket_is_missed_where_it_opens():
    (said,) = problems('model: sdm/1\ndesign: {id: x, title: "open}\ncomponents: []\n')
    assert said == "line 2: The quote that opens here is never closed."
    said = problems("model: sdm/1\ndesign: {id: x\ncomponents:\n  - {id: a, kind: function}\n")
    assert "line 2 may still be open" in said[-1]


def test_a_component_of_an_unknown_kind_is_one_problem():
    said = problems(
        text("  - {id: q, kind: quue}\n  - {id: f, kind: function}\n"
             "edges:\n  - {from: q, to: f, kind: poll}\n  - {from: f, to: r, kind: publish}")
    )  # fmt: skip
    assert len(said) == 2 and "“quue”" in said[0] and "“r”" in said[1]
