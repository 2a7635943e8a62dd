"""The gallery of plates: what kind of picture each is, which are asked for, and the maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict

from design.kinds import CHANNELS
from design.model import Design
from design.rules import RULES, Verdict
from guide.book import Book
from guide.plates import Plate

_CALLS = {"call", "read", "write", "invoke_async"}

PICTURES: dict[str, tuple[str, Callable[[Design], bool]]] = {
    "flow": (
        "Function flow",
        lambda d: (
            any(c.kind == "function" for c in d.components)
            and any(e.kind in _CALLS for e in d.edges)
        ),
    ),
    "events": ("Event paths", lambda d: any(c.kind in CHANNELS for c in d.components)),
    "workflow": ("Workflow", lambda d: any(c.kind == "workflow" for c in d.components)),
    "boundaries": ("Operational boundaries", lambda d: bool(d.boundaries)),
}
"""What a picture shows, by the key that stands in an address. A plate may show several."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for; unknown words in it are dropped."""

    chapter: int = 0
    picture: str = ""
    rule: str = ""

    @property
    def any(self) -> bool:
        return bool(self.chapter or self.picture or self.rule)

    def query(self, **changes: object) -> str:
        pairs = {"chapter": self.chapter, "picture": self.picture, "rule": self.rule, **changes}
        return urlencode({key: value for key, value in pairs.items() if value})


def asked(query: QueryDict) -> Asked:
    chapter = query.get("chapter", "")
    picture = query.get("picture", "")
    rule = query.get("rule", "").upper()
    return Asked(
        int(chapter) if chapter.isascii() and chapter.isdigit() and len(chapter) < 3 else 0,
        picture if picture in PICTURES else "",
        rule if rule in RULES else "",
    )


@lru_cache(maxsize=1024)
def pictures(plate: Plate) -> tuple[str, ...]:
    """The kinds of picture that a plate is."""
    if plate.design is None:
        return ()
    return tuple(key for key, (_, shows) in PICTURES.items() if shows(plate.design))


def failing(plate: Plate) -> list[str]:
    """The rules that fail in the design of a plate."""
    return sorted(rule for rule, said in plate.verdicts.items() if Verdict.FAIL in said)


def shown(book: Book, want: Asked) -> list[tuple[str, list[Plate]]]:
    """Plates that fit, under their headings in the order of the book."""
    before = [p for number, p in book.plates.items() if number.startswith("0.")]
    groups: list[tuple[int, str, list[Plate]]] = [
        (0, "Whole designs", list(book.designs)),
        (0, "Before you start", before),
    ]
    for chapter in book.contents.chapters:
        found = [p for p in book.plates.values() if _chapter(p) == chapter.number]
        groups.append((chapter.number, f"{chapter.number} {chapter.title}", found))
    groups.append((0, "Patterns", [p.plate for p in book.patterns.values()]))
    narrowed = [
        (title, [p for p in plates if _fits(p, want)])
        for number, title, plates in groups
        if not want.chapter or number == want.chapter
    ]
    return [(title, plates) for title, plates in narrowed if plates]


def _chapter(plate: Plate) -> int:
    """Of 10.3a, 10; 0 for a pattern, a whole design and a page in front of chapter 1."""
    number, dot, _ = plate.number.partition(".")
    return int(number) if dot and number.isdigit() else 0


def _fits(plate: Plate, want: Asked) -> bool:
    return (not want.picture or want.picture in pictures(plate)) and (
        not want.rule or want.rule in failing(plate)
    )


def rules_that_fail(book: Book) -> list[tuple[str, str, int]]:
    """Id, title and in how many plates it fails, for the rules that fail in any."""
    counts: dict[str, int] = {}
    for plate in book.plates.values():
        for rule in failing(plate):
            counts[rule] = counts.get(rule, 0) + 1
    return [(id, RULES[id].title, count) for id, count in sorted(counts.items())]
