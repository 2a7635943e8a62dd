"""Everything that a section may refer to, loaded together; no drawing, no rendering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from design.rules import RULES
from guide import contents, glossary, patterns
from guide.contents import Contents
from guide.glossary import Glossary
from guide.patterns import Pattern
from guide.problems import CONTENT, ROOT, Problem


@dataclass(frozen=True)
class Library:
    contents: Contents
    glossary: Glossary
    patterns: dict[str, Pattern]
    problems: tuple[Problem, ...] = ()

    def address_exists(self, path: str) -> bool:
        """Whether a site address within the guide leads somewhere."""
        parts = path.partition("#")[0].strip("/").split("/")
        match parts:
            case (
                ["guide"]
                | ["glossary"]
                | ["patterns"]
                | ["rules"]
                | ["kinds"]
                | ["plates"]
                | ["reference"]
                | [""]
            ):
                return True
            case ["guide", chapter]:
                return self.contents.chapter(chapter) is not None
            case ["guide", "start", slug]:
                return self.contents.page(f"front/{slug}") is not None
            case ["guide", _, "opening"]:
                return False
            case ["guide", chapter, section]:
                return self.contents.page(f"{chapter}/{section}") is not None
            case ["glossary", term]:
                return self.glossary.get(term) is not None
            case ["patterns", slug]:
                return slug in self.patterns
            case ["rules", rule]:
                return rule in RULES
            case ["reference", page]:
                return (CONTENT / "reference" / f"{page}.yaml").is_file()
            case ["practice" | "fit" | "reviews" | "plates", *_]:
                return True
        return False


def load(folder: Path = CONTENT) -> Library:
    terms, in_glossary = glossary.load(folder)
    accounts, in_patterns = patterns.load(folder / "patterns")
    return Library(contents.load(folder), terms, accounts, (*in_glossary.found, *in_patterns))


def exercise_exists(id: str) -> bool:
    """Whether the bank holds an exercise; those of sections stand in the sections."""
    return any((ROOT / "scenarios" / "bank").glob(f"*/{id}.yaml"))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name.lower(), list(known), n=1, cutoff=0.7)
    return f"Did you mean “{close[0]}”?" if close else ""
