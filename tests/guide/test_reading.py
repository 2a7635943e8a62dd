"""Sections as files: front matter, blocks, captions, and the checks."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string

from guide.checks import section_problems
from guide.reading import TYPES, public_markdown
from scenarios import engine
from tests.guide.shelf import DESIGN, FRONT, page

EXERCISE = """```exercise
id: q-0101-case
type: single
title: A case
prompt: |
  What now?
options:
  - {id: a, text: "Wait", correct: true, why: "Because the secret reason."}
  - {id: b, text: "Stop", why: "It fails."}
  - {id: c, text: "Go", why: "It fails."}
```
"""


def plate(caption: str) -> str:
    return f"```design\n{DESIGN}```\n\n*{caption}*\n"


def said(tmp_path: Path, section: str, front: str = FRONT) -> list[str]:
    read, books = page(tmp_path, section, front)
    return [p.message for p in section_problems(read, books) if p.is_error]


def test_blocks_are_taken_out_of_the_prose_in_order(tmp_path: Path) -> None:
    text = f"One.\n\n{plate('A caption.')}\nTwo.\n\n```numbers\na = 1 = 1\n```\n\n{EXERCISE}"
    read, _ = page(tmp_path, text)
    assert [type(b).__name__ for b in read.blocks] == ["Plate", "Sum", "Exercise"]
    assert read.plates[0].number == "1.1a"
    assert read.plates[0].caption == "A caption."
    assert "sdm/1" not in read.body and "caption" not in read.body


def test_other_fences_stay_and_hide_what_they_quote(tmp_path: Path) -> None:
    read, _ = page(tmp_path, "````md\n```design\nmodel: x\n```\n````\n")
    assert read.blocks == ()
    assert "```design" in read.body


def test_a_caption_that_tells_the_truth_is_no_problem(tmp_path: Path) -> None:
    assert said(tmp_path, plate("Before. Fails EVT04 and EVT07.")) == []


def test_a_caption_may_not_name_a_rule_that_passes(tmp_path: Path) -> None:
    assert "the caption says “Fails EVT06”" in said(tmp_path, plate("Fails EVT04, EVT06."))[0]


def test_a_caption_may_not_call_a_failure_a_pass(tmp_path: Path) -> None:
    assert "the caption says “Passes EVT04”" in said(tmp_path, plate("Passes EVT04."))[0]


def test_a_broken_plate_has_its_line_in_the_file(tmp_path: Path) -> None:
    text = plate("A caption.").replace("timeout_s: 30", "timeout: 30")
    read, books = page(tmp_path, text)
    (problem,) = [p for p in section_problems(read, books) if p.is_error]
    assert read.text.splitlines()[problem.line - 1].strip().startswith("- {id: run")
    assert "timeout" in problem.message


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = (
        "A [[nothing]] and EVT99.\n\n```numbers\na = 1 = 2\n```\n\n```design\nmodel: sdm/1\n```\n"
    )
    assert len(said(tmp_path, text)) >= 5


def test_front_matter_is_held_against_the_contents(tmp_path: Path) -> None:
    wrong = FRONT.replace("chapter: 1", "chapter: 3").replace("rules: [EVT04]", "rules: [EVT98]")
    found = said(tmp_path, "Words.\n", wrong.replace("checked: 2026-11-21\n", ""))
    assert any("“chapter” is “3”" in m for m in found)
    assert any("There is no rule “EVT98”" in m for m in found)
    assert any("lacks “checked”" in m for m in found)


def test_a_comma_that_cuts_a_title_is_found(tmp_path: Path) -> None:
    source = (
        "sources:\n  - {id: price, title: Prices, in a paper, by: Somebody, dated: undated, "
        'checked: 2026-11-21, url: "https://example.org/"}\n'
    )
    front = "\n".join(k for k in FRONT.splitlines() if not k.startswith("sources:"))
    found = said(tmp_path, "Words.\n", front.rstrip("-\n") + "\n" + source + "---\n\n")
    assert any("a key “in a paper”" in m for m in found), found


def test_a_file_without_front_matter_is_an_error_and_no_crash(tmp_path: Path) -> None:
    assert "does not begin with front matter" in said(tmp_path, "Words.\n", "")[0]


def test_an_unclosed_fence_is_an_error(tmp_path: Path) -> None:
    assert any("never closed" in m for m in said(tmp_path, "```numbers\na = 1 = 1\n"))


def test_the_public_markdown_holds_no_keys(tmp_path: Path) -> None:
    read, _ = page(tmp_path, f"Words.\n\n{EXERCISE}")
    text = public_markdown(read)
    assert "What now?" in text and "- Wait" in text
    assert "correct" not in text and "secret" not in text


def test_an_exercise_of_the_page_has_to_be_listed(tmp_path: Path) -> None:
    assert any("is not listed" in m for m in said(tmp_path, EXERCISE))


def test_every_type_of_exercise_may_stand_in_a_section() -> None:
    assert set(engine.TYPES) <= set(TYPES)


def test_a_type_with_a_page_of_its_own_is_a_card_in_its_section(tmp_path: Path) -> None:
    text = "```exercise\nid: q-0101-steps\ntype: order\ntitle: Steps\nminutes: 4\nprompt: Sort them.\nitems: [a, b]\n```\n"
    assert "is not listed" in " ".join(said(tmp_path, text))
    (exercise,) = page(tmp_path, text)[0].exercises
    card = render_to_string("guide/_exercise.html", {"exercise": exercise, "prompt": "Sort them."})
    assert "Put in order" in card and "4 min" in card and "<form" not in card
    assert 'href="/practice/q-0101-steps/"' in card
