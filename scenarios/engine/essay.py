"""Short free text with a rubric: written, then rated by its author, who was calibrated first.

The learner rates two texts that the author of the exercise has rated, then the own one, and backs
each level with a sentence of it. Nobody and nothing else grades: a score counts only for somebody
who rates as the author does, and it is reported by the learner, so it is weak evidence.

Fields: `words` (least and most), `rubric` (three to five criteria of three levels each),
`exemplars` (two or more texts with `score`, a level per criterion, and `why`), `model_answer`, and
`peer: optional` where colleagues may rate it as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any, Final

from ._reader import Reader
from ._values import RIGHT, WRONG, Answer, Exercise, Form, Mark, Raw, Unanswered
from ._words import MOST_CHARACTERS as MOST_CHARACTERS
from ._words import MOST_COPIED, copied, repeats, stands_in
from ._words import words as words

name = "essay"
title = "Short text"
fields = ("words", "rubric", "exemplars", "model_answer", "peer")

LEVELS: Final = 3
MOST_OFF: Final = 1
"""How many levels in total the ratings of the examples may differ from the author's."""
_ABOUT_FORM: Final = re.compile(
    r"\b(words? (count|long)|length|style|spelling|grammar|tone|well[- ]written|readable)\b", re.I
)


@dataclass(frozen=True)
class Criterion:
    id: str
    text: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Exemplar:
    """A text that the author has rated: a level, from 0, for each criterion."""

    text: str
    score: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class Body:
    least: int
    most: int
    rubric: tuple[Criterion, ...]
    exemplars: tuple[Exemplar, ...]
    model_answer: str
    peers: bool

    @property
    def misconceptions(self) -> list[str]:
        return []

    @property
    def top(self) -> int:
        """The sum of the best levels."""
        return (LEVELS - 1) * len(self.rubric)

    @property
    def examples(self) -> tuple[Exemplar, Exemplar]:
        """The two that everybody rates: the best and the weakest."""
        ranked = sorted(self.exemplars, key=lambda e: sum(e.score))
        return ranked[-1], ranked[0]


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    least, most = _read_words(reader)
    rubric = tuple(_read_criterion(item) for item in reader.children("rubric"))
    exemplars = tuple(_read_exemplar(item, rubric) for item in reader.children("exemplars"))
    answer = reader.text("model_answer")
    peers = reader.word("peer", ("optional", "none"), "none") == "optional"
    if not 3 <= len(rubric) <= 5:
        message = f"{len(rubric)} criteria; there have to be 3 to 5."
        reader.problem("E001", message, "rubric")
    ids = [criterion.id for criterion in rubric]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        reader.problem("E002", f"The criterion “{id}” stands twice.", "rubric")
    if len(exemplars) < 2:
        reader.problem("E001", "Two rated examples are needed, a good and a weak one.", "exemplars")
    if len(reader.found) > before:
        return None
    body = Body(least, most, rubric, exemplars, answer, peers)
    _check(reader, body, prompt)
    return body if len(reader.found) == before else None


def _read_words(reader: Reader) -> tuple[int, int]:
    found = reader.texts("words")
    if len(found) != 2 or not all(n.isdecimal() and len(n) < 5 for n in found):
        reader.problem("E001", "“words” has to be two numbers, [60, 150].", "words")
        return 0, 0
    least, most = (int(n) for n in found)
    if not 30 <= least < most <= 400:
        reader.problem("E001", "“words” goes from at least 30 to at most 400.", "words")
    return least, most


def _read_criterion(item: Reader) -> Criterion:
    found = Criterion(item.id(), item.text("text"), item.texts("levels"))
    item.close()
    if len(found.levels) != LEVELS:
        item.problem("E001", f"Criterion “{found.id}” needs {LEVELS} levels.", "levels")
    if _ABOUT_FORM.search(found.text):
        hint = "Ask for a thought that can be quoted."
        item.problem("E001", f"Criterion “{found.id}” is about form.", "text", hint)
    return found


def _read_exemplar(item: Reader, rubric: tuple[Criterion, ...]) -> Exemplar:
    levels = item.texts("score")
    if len(levels) != len(rubric) or not set(levels) <= {str(n) for n in range(LEVELS)}:
        item.problem("E001", "“score” has a level from 0 to 2 for each criterion.", "score")
        levels = ()
    found = Exemplar(item.text("text"), tuple(map(int, levels)), item.text("why", required=False))
    item.close()
    if not found.why:
        item.problem("E010", "An example has a “why” for its levels.")
    return found


def _check(reader: Reader, body: Body, prompt: str) -> None:
    good, weak = body.examples
    if 3 * sum(good.score) < 2 * body.top or 3 * sum(weak.score) > body.top:
        message = "One example has to reach two thirds of the levels, one at most a third."
        reader.problem("E311", message, "exemplars")
    for key, texts in (
        ("exemplars", [e.text for e in body.exemplars]),
        ("model_answer", [body.model_answer]),
    ):
        for text in texts:
            if why := refusal(body, prompt, text):
                reader.problem("E311", f"“{text[:40]}” would be refused: {why}", key)


# Writing


def refusal(body: Body, prompt: str, text: str) -> str:
    """Why a text is not accepted; empty where it is."""
    count = len(words(text))
    if count < body.least:
        return f"{count} word{'s' * (count != 1)}; at least {body.least} are needed."
    if count > body.most:
        return f"{count} words; at most {body.most} are allowed."
    if repeats(text):
        return "The text says the same words over and over."
    asked = [prompt, *(c.text for c in body.rubric), *(" ".join(c.levels) for c in body.rubric)]
    if copied(text, asked) > MOST_COPIED:
        return "More than half of the text is taken from the question."
    return ""


def submitted(exercise: Exercise, text: str) -> str:
    """The text as it is locked. Raises Unanswered with what has to change."""
    body: Body = exercise.body
    text = text.replace("\r\n", "\n").strip()[:MOST_CHARACTERS]
    if why := refusal(body, exercise.prompt, text):
        raise Unanswered(why)
    if copied(text, [body.model_answer, *(e.text for e in body.exemplars)]) > MOST_COPIED:
        raise Unanswered("More than half of the text is taken from an example of this exercise.")
    return text


# Rating


def levels(body: Body, data: Mapping[str, Sequence[str]], before: str) -> list[int]:
    """The levels posted under ``<before><criterion>``. Raises Unanswered for a missing one."""
    found = []
    for criterion in body.rubric:
        given = (list(data.get(f"{before}{criterion.id}", ())) or [""])[0]
        if given not in {str(n) for n in range(LEVELS)}:
            raise Unanswered(f"Choose a level for “{criterion.text}”.")
        found.append(int(given))
    return found


def off(body: Body, ratings: Sequence[Sequence[int]]) -> int:
    """By how many levels in total the ratings of the examples differ from the author's."""
    return sum(
        abs(given - wanted)
        for rated, example in zip(ratings, body.examples, strict=True)
        for given, wanted in zip(rated, example.score, strict=True)
    )


def middle(body: Body, ratings: Sequence[Sequence[int]]) -> list[int]:
    """The median level of each criterion, the lower of two; empty without ratings."""
    if not ratings:
        return []
    return [median_low(r[i] for r in ratings) for i in range(len(body.rubric))]


# The contract


def present(exercise: Exercise, seed: int) -> Form:
    body: Body = exercise.body
    return Form(exercise.prompt, "essay", note=f"{body.least} to {body.most} words.")


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[Any]]) -> Answer:
    """From ``text``, ``ratings`` (those of the two examples), and ``level-<id>`` and
    ``quote-<id>`` for each criterion."""
    body: Body = exercise.body
    text = (list(data.get("text", ())) or [""])[0]
    ratings = [[int(n) for n in rated] for rated in data.get("ratings", ())]
    if len(ratings) != 2 or any(len(rated) != len(body.rubric) for rated in ratings):
        raise Unanswered("Rate the two examples first.")
    given = levels(body, data, "level-")
    quotes = []
    for criterion, level in zip(body.rubric, given, strict=True):
        quote = (list(data.get(f"quote-{criterion.id}", ())) or [""])[0].strip()[:2000]
        if level and not stands_in(quote, text):
            raise Unanswered(
                f"Quote what earns the level for “{criterion.text}”: three words or more, "
                "as they stand in your text."
            )
        quotes.append(quote if level else "")
    return {"text": text, "ratings": ratings, "levels": given, "quotes": quotes}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    text = answer["text"]
    marks = []
    total = 0
    for criterion, level, quote in zip(
        body.rubric, answer["levels"], answer["quotes"], strict=True
    ):
        backed = level if stands_in(quote, text) else 0
        total += backed
        case = RIGHT if backed == LEVELS - 1 else WRONG
        told = criterion.levels[backed]
        marks.append(Mark(criterion.id, criterion.text, case, quote, given=told, told=told))
    apart = off(body, answer["ratings"])
    counts = apart <= MOST_OFF and not refusal(body, exercise.prompt, text)
    said = "" if counts else f"{apart} levels away from the author in rating the examples"
    return Raw(total / body.top if counts else 0.0, tuple(marks), echo=said)


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    """Texts that are none, rated highest, and honest texts of somebody who does not read the
    examples and gives every one of them the same level."""
    body: Body = exercise.body
    right = [list(e.score) for e in body.examples]
    best = [LEVELS - 1] * len(body.rubric)
    filler = " ".join(["serverless scales and saves cost"] * (1 + body.least // 5))
    asked = exercise.prompt + " ".join(c.text for c in body.rubric)
    answers: dict[str, Answer] = {}
    for told, text in (("nothing written", ""), ("words repeated", filler), ("question", asked)):
        quotes = [" ".join(text.split()[:4])] * len(best)
        answers[told] = {"text": text, "ratings": right, "levels": best, "quotes": quotes}
    for level in range(LEVELS):
        same = [[level] * len(best)] * 2
        answers[f"every example at {level}"] = {**key(exercise, seed), "ratings": same}
    return answers


def key(exercise: Exercise, seed: int) -> Answer:
    """The model answer, rated highest by somebody who rates the examples as the author does."""
    body: Body = exercise.body
    quote = " ".join(body.model_answer.split()[:6])
    count = len(body.rubric)
    return {
        "text": body.model_answer,
        "ratings": [list(e.score) for e in body.examples],
        "levels": [LEVELS - 1] * count,
        "quotes": [quote] * count,
    }


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    """One criterion lower, or one without its sentence."""
    right = key(exercise, seed)
    wrong: list[Answer] = []
    for number in range(len(exercise.body.rubric)):
        lower, unquoted = list(right["levels"]), list(right["quotes"])
        lower[number] -= 1
        unquoted[number] = ""
        wrong += [{**right, "levels": lower}, {**right, "quotes": unquoted}]
    return wrong


def seeds(exercise: Exercise) -> int:
    return 1
