"""What stands around the sections: openings, review questions, pages in front of chapter 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guide import reading
from guide.book import Book
from guide.checks import all_problems, around_problems
from guide.reading import public_markdown
from guide.tree import Tree
from tests.guide.shelf import DESIGN, folder, shelf

OPENING = f"""---
title: First Chapter
---

A chapter on [[DLQ]] that begins with [Alpha](alpha.md) and asks [questions](questions.md).

```design
{DESIGN}```

*The map. Fails EVT04.*
"""
QUESTIONS = """
## Who finds out {#who}

A queue stops on Friday. Who finds out?

````answer
Nobody does, see [[Dead-letter queue]].

```numbers
days = 3 = 3
```
````

## What then

And then?

```answer
A [start](../front/paths.md).
```
"""
FRONT_PAGE = (
    "---\ntitle: Reading paths\ntext: Four ways through.\n---\n\nBegin [here](../first/alpha.md).\n"
)
PLACES = {
    "01-first/0-opening.md": OPENING,
    "01-first/9-questions.md": QUESTIONS,
    "front/1-paths.md": FRONT_PAGE,
}


def written(tmp_path: Path, **changed: str) -> Path:
    """The small book with everything around its sections; `changed` by the stem of a file."""
    root = folder(tmp_path)
    with (root / "contents.yaml").open("a") as file:
        file.write("front: {}\ndesigns: []\n")
    for place, text in PLACES.items():
        path = root / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(changed.get(path.stem.partition("-")[2], text))
    return root


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """That book, as the one that the pages show."""
    root = written(tmp_path)
    made = Book(shelf(root), root)
    for module in ("guide.views.pages", "guide.views.twins", "guide.addresses"):
        monkeypatch.setattr(f"{module}.book", lambda: made)
    return made


def said(root: Path, stem: str, errors: bool = True) -> list[str]:
    books = shelf(root)
    place = next(p for p in books.contents.around if p.path.stem.endswith(stem))
    found = around_problems(reading.read(place), books)
    return [p.message for p in found if p.is_error is errors]


def test_a_book_without_them_has_none(tmp_path: Path) -> None:
    contents = shelf(folder(tmp_path)).contents
    assert contents.around == () and contents.page("first/questions") is None
    assert "Before you start" not in Tree(contents).beside(contents.chapters[0])


def test_each_has_its_place_and_its_address(small: Book) -> None:
    assert [(p.id, p.url, p.place) for p in small.contents.around] == [
        ("front/paths", "/guide/start/paths/", "Before chapter 1"),
        ("first/opening", "/guide/first/", "Chapter 1"),
        ("first/questions", "/guide/first/questions/", "Chapter 1"),
    ]
    order = [page.section.id for page in small.in_order if page.section.chapter != "second"]
    assert order == ["front/paths", "first/opening", "first/alpha", "first/questions"]


def test_the_files_are_in_order(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert all(said(root, stem) == [] for stem in ("opening", "questions", "paths"))


def test_a_plate_of_an_opening_has_a_number_and_leads_to_the_chapter(small: Book) -> None:
    assert small.plates["1.0a"].home == "/guide/first/#plate-1-0a"


def test_a_chapter_shows_its_opening_and_leads_on_to_its_sections(
    small: Book, client: Client
) -> None:
    body = client.get("/guide/first/").content.decode()
    assert 'id="plate-1-0a"' in body and 'href="/guide/first/alpha/"' in body
    assert '<a rel="next" href="/guide/first/alpha/">' in body
    assert '<a rel="prev" href="/guide/start/paths/">' in body
    assert "2 open questions" in body
    assert client.get("/guide/first/opening/index.md").status_code == 404


def test_questions_stand_open_and_answers_behind_a_fold(small: Book, client: Client) -> None:
    body = client.get("/guide/first/questions/").content.decode()
    assert body.count("<summary>Show a model answer</summary>") == 2
    first = body[body.index('id="who"') :]
    assert first.index("A queue stops") < first.index('<details class="answer">')
    assert first.index('<details class="answer">') < first.index("Check the arithmetic")
    assert 'href="/practice/?chapter=first"' in body
    assert '<a rel="next" href="/guide/second/gamma/">' in body
    tree = body[body.index('class="book-tree"') : body.index('id="main"')]
    assert tree.count('aria-current="page"') == 1


def test_a_front_page_is_linked_from_the_contents(small: Book, client: Client) -> None:
    body = client.get("/guide/").content.decode()
    assert 'href="/guide/start/paths/"' in body and "Four ways through." in body
    page = client.get("/guide/start/paths/").content.decode()
    assert "<h1>Reading paths</h1>" in page and 'href="/guide/first/alpha/"' in page
    assert client.get("/guide/start/none/").status_code == 404


def test_answers_stay_in_the_markdown(small: Book, client: Client) -> None:
    text = client.get("/guide/first/questions/index.md").content.decode()
    assert text.count("### A model answer") == 2 and "````" not in text
    assert "title: Reading paths" in client.get("/guide/start/paths/index.md").content.decode()
    page = small.page("first/questions")
    assert page and "days = 3" in public_markdown(page)


@pytest.mark.parametrize(
    ("stem", "text", "message"),
    [
        ("opening", OPENING.replace("title: First", "title: Last"), "it has to be “First Chapter”"),
        ("opening", OPENING.replace("alpha.md", "omega.md"), "cannot be resolved"),
        ("opening", OPENING.replace("Fails EVT04", "Passes EVT04"), "the rule says fail"),
        ("opening", OPENING + "\n## Alpha\n\nText.\n", "is the address of a section"),
        ("opening", OPENING + "\n```answer\nText.\n```\n", "belongs to a question"),
        ("questions", QUESTIONS.replace("\nAnd then?\n", ""), "has no text in front"),
        ("questions", QUESTIONS + "\n## And\n\nWhat?\n", "has 0 model answers"),
        ("questions", "Before.\n" + QUESTIONS, "in front of the first question"),
        ("questions", QUESTIONS.replace("A [start]", "## Deep\n\n[start]"), "holds no headings"),
        ("questions", QUESTIONS.replace("= 3\n", "= 4\n"), "days"),
        ("paths", FRONT_PAGE.replace("text: Four ways through.\n", ""), "lacks “text”"),
        ("paths", FRONT_PAGE.replace("---\n", "", 1), "does not begin with front matter"),
        ("paths", FRONT_PAGE.replace("title: Reading", "title: [Reading"), "not readable as YAML"),
    ],
)
def test_what_is_wrong_with_one_is_said(tmp_path: Path, stem: str, text: str, message: str) -> None:
    assert any(message in m for m in said(written(tmp_path, **{stem: text}), stem))


def test_lengths_are_warnings(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert "words of prose" in said(root, "opening", errors=False)[0]
    found = said(root, "questions", errors=False)
    assert "2 questions; 4 to 6" in found[0] and "words in this model answer" in found[1]


def test_a_file_that_belongs_nowhere_is_named(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "front" / "paths.md").write_text("Text.")
    assert any("no page of the book" in p.message for p in all_problems(root))
