"""Search: ranking, phrases, beginnings, corrections, filters."""

from __future__ import annotations

import pytest

from guide.addresses import public_paths
from guide.book import book
from guide.search import documents, search, stem


def first(query: str) -> tuple[str, str]:
    hit = search(query).hits[0].document
    return hit.kind, hit.url


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("dead letter queue", "/glossary/dead-letter-queue/"),
        ("DLQ", "/glossary/dead-letter-queue/"),
        ("cold start", "/glossary/cold-start/"),
        ("EVT05", "/rules/EVT05/"),
        ("queue-based load levelling", "/patterns/queue-load-levelling/"),
        (
            "dead-letter queues and failure quarantine",
            "/guide/reliability-and-resilience/dead-letter-queues-quarantine/",
        ),
    ],
)
def test_the_thing_itself_comes_first(query: str, url: str) -> None:
    assert first(query)[1] == url


def test_the_last_word_may_be_a_beginning() -> None:
    assert any(h.document.url == "/glossary/idempotency/" for h in search("idempot").hits[:3])


def test_word_forms_meet() -> None:
    assert {stem(w) for w in ("retry", "retries", "retrying")} == {"retry"}
    assert stem("queues") == stem("queue")


def test_an_unknown_word_is_corrected_and_said() -> None:
    found = search("visibilty timeout")
    assert found.corrected == "visibility timeout"
    assert any(h.document.url == "/glossary/visibility-timeout/" for h in found.hits[:3])


def test_a_phrase_has_to_occur_as_it_stands() -> None:
    loose, strict = search("night bad a tell"), search('"a bad night"')
    assert any(h.document.kind == "heading" for h in strict.hits)
    assert strict.total < loose.total
    assert not search('"night bad a"').hits


def test_results_can_be_narrowed_by_kind_and_chapter() -> None:
    assert {h.document.kind for h in search("queue", kind="rule").hits} == {"rule"}
    assert {h.document.chapter for h in search("queue", chapter=10).hits} == {10}
    assert search("queue", kind="rule").counts == search("queue").counts


@pytest.mark.parametrize(
    "query", ["", "  ", '"', '""', "???", "the", "\x00", "ü" * 500, "<script>", "a" * 5000]
)
def test_no_query_breaks_it(query: str) -> None:
    search(query)


def test_nothing_found_offers_the_nearest_terms() -> None:
    found = search("zzqqxx vvkkjj")
    assert not found.hits
    assert search("qqueueue", chapter=99).nearest is not None


def test_snippets_are_escaped_and_marked() -> None:
    for hit in search("timeout").hits:
        assert "<" not in hit.snippet.replace("<mark>", "").replace("</mark>", "")
    assert "<mark>" in search("timeout").hits[0].title


def test_every_document_leads_somewhere(client) -> None:
    public = public_paths()  # each of them is asked for in test_pages.py
    for url in sorted({d.url.partition("#")[0] for d in documents(book())} - public):
        assert client.get(url).status_code == 200, url


def test_the_page_works_without_script(client) -> None:
    body = client.get("/search", {"q": "timeout", "kind": "term"}).content.decode()
    assert 'href="/glossary/' in body and 'aria-current="true">Terms' in body
    assert client.get("/search").status_code == 200
    assert (
        client.get("/search", {"q": "x", "chapter": "99999", "kind": "nonsense"}).status_code == 200
    )


def test_options_are_a_listbox(client) -> None:
    body = client.get("/search/options", {"q": "idempot"}).content.decode()
    assert body.count('role="option"') >= 2 and "/search?q=idempot" in body


def test_the_query_is_escaped(client) -> None:
    body = client.get("/search", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in body
