"""Markdown constructs, and what hostile Markdown may not do."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.markup import convert, inline, refuse
from tests.guide.shelf import context


def html(tmp_path: Path, text: str) -> str:
    return convert(text, context(tmp_path, text)).html


def messages(tmp_path: Path, text: str) -> list[str]:
    at = context(tmp_path, text)
    refuse(text, at.report)
    convert(text, at)
    return [p.message for p in at.report.found]


def test_a_term_is_a_link_with_a_popover_the_first_time_only(tmp_path: Path) -> None:
    out = html(tmp_path, "A [[DLQ]] and a [[dead-letter queue|second one]].")
    assert out.count('data-pop="g-dead-letter-queue"') == 1
    assert out.count('href="/glossary/dead-letter-queue/"') == 3
    assert "A queue for what was given up." in out
    assert ">second one</a>" in out


def test_a_term_is_found_in_the_plural(tmp_path: Path) -> None:
    assert "data-pop" in html(tmp_path, "Two [[cold starts]].")


def test_an_unknown_term_is_an_error_with_a_suggestion(tmp_path: Path) -> None:
    at = context(tmp_path, "x\n\nA [[dead-leter queue]].")
    convert(at.report.text, at)
    (problem,) = at.report.found
    assert (problem.line, problem.hint) == (3, "Did you mean “dead letter queue”?")


def test_rule_ids_become_links_but_not_in_code_or_links(tmp_path: Path) -> None:
    out = html(tmp_path, "EVT04, `EVT05`, [see EVT06](/rules/EVT06/).")
    assert out.count("/rules/") == 2
    assert "<code>EVT05</code>" in out


def test_a_rule_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert messages(tmp_path, "See EVT99.") == ["There is no rule EVT99."]


def test_links_between_sections_lead_to_the_page_or_to_its_line_in_the_chapter(
    tmp_path: Path,
) -> None:
    out = html(tmp_path, "[a](alpha.md) [b](beta.md#x) [c](../second/gamma.md#part)")
    assert 'href="/guide/first/alpha/"' in out
    assert 'href="/guide/first/#beta"' in out
    assert 'href="/guide/second/gamma/#part"' in out


@pytest.mark.parametrize("href", ["nowhere.md", "../first/gama.md", "ftp://x.org", "/no-such/"])
def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path, href: str) -> None:
    assert len(messages(tmp_path, f"[x]({href})")) == 1


def test_callouts_are_asides_named_by_their_title(tmp_path: Path) -> None:
    out = html(tmp_path, '!!! hazard "Loss"\n    It is *gone*.\n')
    assert 'class="callout hazard"' in out and 'aria-labelledby="callout-1"' in out
    assert "Hazard: Loss" in out
    assert "<em>gone</em>" in out


def test_a_margin_note_runs_in_with_its_title(tmp_path: Path) -> None:
    out = html(tmp_path, '!!! margin "Aside"\n    Small.\n')
    assert '<aside class="note">' in out
    assert "<p><b>Aside.</b> Small.</p>" in out


def test_neighbouring_panels_become_one_set_of_tabs(tmp_path: Path) -> None:
    out = html(
        tmp_path,
        '=== "AWS"\n\n    One.\n\n=== "Azure"\n\n    Two.\n\nText.\n\n=== "GCP"\n\n    Three.\n',
    )
    assert out.count('class="tabs wide"') == 2
    assert out.count('<section class="panel">') == 3
    assert ">AWS</h4>" in out
    assert "role=" not in out


def test_a_bold_paragraph_before_a_table_becomes_its_caption(tmp_path: Path) -> None:
    out = html(tmp_path, "**Waits**\n\n| What | n |\n|---|---:|\n| *a* | 3 |\n")
    assert '<caption id="table-1"><b>Waits</b></caption>' in out
    assert '<th scope="row"><em>a</em></th>' in out
    assert '<td class="n">3</td>' in out
    assert "style=" not in out and "<p>" not in out


def test_headings_have_stable_ids_and_ids_set_by_hand(tmp_path: Path) -> None:
    made = convert("## It’s *here*\n\n## Same\n\n## Same\n\n## Long {#short}\n", context(tmp_path))
    assert [h.id for h in made.headings] == ["its-here", "same", "same-2", "short"]
    assert made.headings[3].title == "Long"


def test_a_heading_holds_no_terms(tmp_path: Path) -> None:
    text = "## The [[DLQ|queue]] and [[cold start]]\n"
    made = convert(text, context(tmp_path))
    assert made.headings[0].title == "The queue and cold start"
    assert (
        messages(tmp_path, text) == ["A heading holds no terms; link the first use below it."] * 2
    )


def test_code_is_coloured_by_classes(tmp_path: Path) -> None:
    out = html(tmp_path, "```yaml\nkey: 1\n```\n")
    assert 'class="code"' in out and 'class="nt"' in out and "style=" not in out


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "style", "object", "form", "input", "base", "meta"):
            self.bad.append(tag)
        for name, value in attrs:
            plain = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("style", "src"):
                self.bad.append(name)
            if name == "href" and not plain.startswith(
                ("http://", "https://", "mailto:", "/", "#")
            ):
                self.bad.append(plain)
            if name == "href" and plain.startswith("//"):
                self.bad.append(plain)


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "text <b onclick=alert(1)>x</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](https://evil.example/x.png)",
    '!!! hazard "<img src=x onerror=alert(1)>"\n    x\n',
    '=== "<script>alert(1)</script>"\n\n    x\n',
    "[[DLQ|<script>alert(1)</script>]]",
    "| a |\n|---|\n| <script>x</script> |\n",
    "# <svg onload=alert(1)>",
    "```yaml\n</code></pre><script>alert(1)</script>\n```",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0\x03",
    "<!-- --><style>*{}</style>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_makes_no_active_content(tmp_path: Path, text: str) -> None:
    assert Tags(html(tmp_path, text)).bad == []


@pytest.mark.parametrize("text", ["<b>x</b>", "<script>x</script>", "![a](/b.png)", "<!-- x -->"])
def test_raw_html_and_images_are_errors(tmp_path: Path, text: str) -> None:
    assert messages(tmp_path, text)


def test_angle_brackets_in_code_and_addresses_are_not_errors(tmp_path: Path) -> None:
    assert (
        messages(tmp_path, "`<b>` and <https://example.org/> and 3 < 4 > 2\n\n```\n<b>\n```\n")
        == []
    )


PIECES = st.sampled_from(
    [
        "[[",
        "]]",
        "DLQ",
        "|",
        "](",
        "[",
        ")",
        "<",
        ">",
        "!!! note\n",
        "    ",
        '=== "A"\n',
        "\n\n",
        "`",
        "```",
        "*",
        "**",
        "EVT04",
        "## ",
        "javascript:",
        "onload=",
        '"',
        "| a |\n|---|\n",
        "&#106;",
        "\\",
        "\x02",
        "\x03",
        "- ",
        "1. ",
        "{#x}",
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_heap_of_marks_converts_without_active_content(tmp_path: Path, text: str) -> None:
    assert Tags(html(tmp_path, text)).bad == []


def test_one_line_loses_its_paragraph(tmp_path: Path) -> None:
    assert inline("Fails *now*.", context(tmp_path)) == "Fails <em>now</em>."
