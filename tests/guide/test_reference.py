"""The reference pages: their files, their filters, what can be taken away, links both ways."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guide import library, reference_pages
from guide.book import book
from guide.documents import documents
from guide.reference_files import as_csv, as_markdown
from guide.reference_pages import TEXTS, read, shelf, unlinked
from guide.search import search
from tests.guide.test_pages import parsed

PAGES = list(TEXTS)
GOOD = """
title: Questions
summary: A summary.
intro: An intro.
groups: {one: One}
entries:
  - {id: first, name: First, group: one, answer: Yes indeed, rules: [EVT01], sections: [], patterns: []}
"""


def written(folder: Path, text: str, name: str = "questions") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_pages_exist_and_nothing_is_wrong_with_them() -> None:
    assert list(shelf(book()).pages) == PAGES
    assert reference_pages.problems(library.load()) == []


def test_enough_of_each() -> None:
    counts = {slug: len(page.entries) for slug, page in shelf(book()).pages.items()}
    least = {"mistakes": 50, "metrics": 24, "checklists": 27, "questions": 43, "maturity": 8}
    assert all(counts[slug] >= n for slug, n in least.items()), counts
    assert [e.group for e in shelf(book()).pages["first-week"].entries].count("week") == 7


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("id: first", "id: First One", "is not an id"),
        ("group: one", "group: two", "unknown group “two”"),
        ("answer: Yes indeed", "answr: Yes indeed", "“answer” has to be a text"),
        ("rules: [EVT01]", "rules: EVT01", "“rules” has to be a list"),
        ("groups: {one: One}", "groups: []", "“groups” has to be"),
        ("title: Questions", "titel: Questions", "“title” has to be a text"),
        ("entries:", "entries: [", "not readable as YAML"),
        ("entries:", "entry:", "no mapping with a list of entries"),
    ],
)
def test_each_mistake_in_a_file_is_named(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    page = read(written(tmp_path, GOOD.replace(before, after)))
    assert page and any(said in p.message for p in page.report.found)


def test_a_good_file_has_no_problem_and_an_id_stands_once(tmp_path: Path) -> None:
    page = read(written(tmp_path, GOOD))
    assert page and page.report.found == [] and page.entries[0].rules == ("EVT01",)
    twice = GOOD + GOOD[GOOD.index("  - {id") :]
    page = read(written(tmp_path, twice))
    assert page and any("stands twice" in p.message for p in page.report.found)


def test_references_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    bad = GOOD.replace("EVT01", "EVT99").replace("sections: []", "sections: [no/where]")
    written(tmp_path / "reference", bad)
    found = reference_pages.problems(library.load(), tmp_path)
    assert [p.message.partition(": ")[2] for p in found] == [
        "there is no rule “EVT99”.",
        "there is no section “no/where”.",
    ]


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "questions.yaml"
    path.write_text(text, encoding="utf-8")
    page = read(path)
    assert page is None or page.report.found or page.entries


@given(st.text(alphabet="[]|() abc*", max_size=60))
def test_unlinking_leaves_no_term_behind(text: str) -> None:
    assert not re.search(r"\[\[[^\[\]|]+\]\]", unlinked(text))


@pytest.mark.parametrize("slug", PAGES)
def test_each_entry_is_shown_with_an_anchor_and_leads_to_sections_and_rules(slug: str) -> None:
    page = parsed(f"/reference/{slug}/")
    for entry in shelf(book()).pages[slug].entries:
        assert entry.id in page.ids
        assert all(f"/rules/{rule}/" in page.links for rule in entry.rules)


def test_sections_and_rules_lead_back(client: Client) -> None:
    section = "reliability-and-resilience/retries-backoff-idempotency"
    page = parsed(f"/guide/{section}/")
    assert f"/reference/mistakes/?section={section}" in page.links
    assert "/reference/mistakes/#duplicates" in parsed("/rules/EVT04/").links
    body = client.get(f"/reference/mistakes/?section={section}").content.decode()
    assert 'id="duplicates"' in body and 'id="one-region"' not in body


def test_filters_narrow_and_say_when_nothing_fits(client: Client) -> None:
    def ids(query: str) -> list[str]:
        body = client.get(f"/reference/mistakes/?{query}").content.decode()
        return re.findall(r'<article class="refentry" id="([^"]+)"', body)

    everything = ids("")
    assert set(ids("group=money")) < set(everything)
    assert "duplicates" in ids("q=parcels") and "one-region" not in ids("q=parcels")
    assert ids("q=zzzz") == []
    assert b"Nothing fits" in client.get("/reference/mistakes/?q=zzzz").content
    assert ids("group=%3Cscript%3E") == []


def test_what_was_typed_comes_back_as_text(client: Client) -> None:
    body = client.get("/reference/mistakes/?q=%22%3E%3Cb+class=x%3E").content.decode()
    assert "<b class=x>" not in body and "&quot;&gt;&lt;b class=x&gt;" in body


def test_a_checklist_is_taken_away_with_its_ticks(client: Client) -> None:
    query = "group=incident&done=scope&done=partners&done=no-such"
    text = client.get(f"/reference/checklists.md?{query}").content.decode()
    assert text.count("- [x] ") == 2 and "- [ ] " in text and "Tests pass" not in text
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(f"/reference/checklists.csv?{query}").content.decode())
        )
    )
    assert [r["Done"] for r in rows].count("yes") == 2
    assert {r["Group"] for r in rows} == {"During an incident"}


def test_the_checklist_page_is_a_form_without_script(client: Client) -> None:
    body = client.get("/reference/checklists/").content.decode()
    assert body.count('action="/reference/checklists.md"') == 3
    assert body.count('formaction="/reference/checklists.csv"') == 3
    assert "data-untick hidden" in body


@pytest.mark.parametrize("slug", PAGES)
def test_files_hold_every_entry(slug: str) -> None:
    page = shelf(book()).pages[slug]
    rows = list(csv.DictReader(io.StringIO(as_csv(page, page.entries, ()))))
    assert [row["Entry"] for row in rows] == [entry.name for entry in page.entries]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    text = as_markdown(page, page.entries, ())
    assert all(entry.name in text for entry in page.entries) and "[[" not in text


def test_entries_are_found_and_counted_in_search_and_sitemap(client: Client) -> None:
    kinds = [d.kind for d in documents(book())]
    assert kinds.count("reference") == len(list(shelf(book()).entries))
    assert any(hit.document.kind == "reference" for hit in search("retry storm").hits)
    sitemap = client.get("/sitemap.xml").content.decode()
    assert all(f"/reference/{slug}/</loc>" in sitemap for slug in PAGES)
    assert "/reference/mistakes/index.md" in client.get("/llms.txt").content.decode()


def test_questions_describe_themselves_to_programs(client: Client) -> None:
    body = client.get("/reference/questions/").content.decode()
    said = json.loads(body.split('type="application/ld+json">')[1].split("</script>")[0])
    assert said["@type"] == "FAQPage" and len(said["mainEntity"]) >= 43
    assert 'type="text/markdown" href="/reference/questions/index.md"' in body


def test_each_page_has_its_twin_to_read(client: Client) -> None:
    assert "](/reference/maturity/index.md)" in client.get("/reference/index.md").content.decode()
    response = client.get("/reference/mistakes/index.md")
    assert "Content-Disposition" not in response
    text = response.content.decode()
    assert text.startswith("# Mistakes") and "Rules [EVT04](/rules/EVT04/)" in text


@pytest.mark.parametrize("path", ["no-such/", "no-such/index.md", "no-such.csv", "no-such.md"])
def test_there_are_no_other_pages(client: Client, path: str) -> None:
    assert client.get(f"/reference/{path}").status_code == 404
