"""The content as it stands."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from guide.book import book
from guide.checks import all_problems
from guide.problems import CONTENT
from guide.search import documents


def test_the_content_has_no_error() -> None:
    assert [str(p) for p in all_problems() if p.is_error] == []


def test_the_book_has_sixteen_chapters_of_four_sections_and_five_appendices() -> None:
    contents = book().contents
    assert len(contents.chapters) == 16
    assert {len(c.sections) for c in contents.chapters} == {4}
    assert [a.letter for a in contents.appendices] == list("ABCDE")


def test_one_file_is_checked_by_a_command() -> None:
    out = StringIO()
    call_command("check_section", str(CONTENT / "glossary.yaml"), stdout=out)
    assert "nothing to report" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("check_section", "no-such-file.md")


def test_addresses_of_passages_are_those_of_the_page() -> None:
    source = book()
    for document in documents(source):
        if document.kind == "heading":
            url, _, anchor = document.url.partition("#")
            id = "/".join(url.strip("/").split("/")[1:])
            assert anchor in {h.id for h in source.rendered(id).headings}, document.url
