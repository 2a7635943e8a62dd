"""`manage.py prose`: reading level and repetition of the guide's sections, for its writers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guide import prose, reading
from guide.library import load


class Command(BaseCommand):
    help = "Reading level, long sentences, filler and repeated runs of words, section by section."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sections", nargs="*", help="labels as 10.3; all when none is given")
        parser.add_argument("--long", action="store_true", help="print the long sentences")

    def handle(self, *, sections: list[str], long: bool, **options: Any) -> None:
        pages = [reading.read(s) for s in load().contents.written]
        shown = [p for p in pages if not sections or p.section.label in sections]
        say = self.stdout.write
        say("section   words  grade  words/sentence  longer than 40  filler, openings")
        for page in shown:
            found = prose.reading(page.body)
            notes = [f"{word} {count}" for word, count in (*found.filler, *found.openings)]
            mean = found.words / max(found.sentences, 1)
            say(
                f"{page.section.label:<8}{found.words:>7}{found.grade:>7}{mean:>16.1f}"
                f"{len(found.long):>16}  {', '.join(notes)}"
            )
            for sentence in found.long if long else ():
                say(f"          {sentence}")
        say("")
        say(f"Runs of {prose.RUN} words and more that sections share:")
        labels = {p.section.label for p in shown}
        for phrase, where in prose.repeated({p.section.label: p.body for p in pages}):
            if labels & set(where):
                say(f"  {', '.join(where)}: {phrase}")
