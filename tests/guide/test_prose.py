"""The report for writers counts what it says it counts, and terms are introduced before use."""

from __future__ import annotations

import io

from django.core.management import call_command

from guide import introduced, prose, reading
from guide.library import load


def test_a_reading_leaves_out_what_is_no_running_text() -> None:
    text = "# Heading words\n\nA [[queue]] holds *work*. It simply waits.\n\n| a | table |\n"
    found = prose.reading(text)
    assert (found.words, found.sentences) == (7, 2)
    assert found.filler == (("simply", 1),)


def test_long_words_and_long_sentences_raise_the_grade() -> None:
    plain = prose.reading("The cat sat. The dog ran. We saw it all.")
    hard = prose.reading(
        "Considerable organisational heterogeneity necessitates comprehensive reconsideration."
    )
    assert plain.grade < 2 < 12 < hard.grade


def test_a_run_of_words_in_two_texts_is_found_whole() -> None:
    shared = "the seventh message waits behind the other six for ever"
    found = prose.repeated({"a": f"One. {shared}.", "b": f"Two, {shared}!", "c": "Nothing here."})
    assert found == [(shared, ("a", "b"))]


def test_the_report_names_every_section() -> None:
    out = io.StringIO()
    call_command("prose", "10.3", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines[1:2]] == ["10.3"]


def test_a_term_used_before_its_section_is_reported_once_and_a_mark_introduces_it() -> None:
    library = load()
    first, second, third = (reading.read(s) for s in library.contents.written[:3])
    for page in (first, second, third):
        page.report.found.clear()
    first.body = "A `saga pattern` in code, and (*Saga pattern*, undated) do not count."
    second.body = (
        "A dead-letter queue fills. A dead-letter queue is full. A [[poison message]] is why."
    )
    third.body = "The dead-letter queue again, and the poison message."
    found = [p.message for p in introduced.problems(library, [first, second, third])]
    assert found == ["“dead-letter queue” is used before anything introduces it."]
