"""The shipped model: fit/model.yaml as the engine's numbers and the words beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from design import authored
from fit import engine

PATH = Path(__file__).with_name("model.yaml")
EARLIER = Path(__file__).with_name("earlier")  # the models before it, as <version>.yaml
LETTERS = "abcdefgh"


@dataclass(frozen=True)
class OptionWords:
    """An option: `name` in lists, `phrase` inside a sentence, `title` on its own."""

    id: str
    phrase: str
    name: str
    title: str
    means: str
    examples: str


@dataclass(frozen=True)
class AnswerWords:
    """An answer's words; `mark` is its place in the key, such as 6c."""

    key: str
    mark: str
    label: str
    detail: str
    short: str
    then: str

    @property
    def plain(self) -> str:
        """The label inside another text, without its full stop."""
        return self.label.removesuffix(".")


@dataclass(frozen=True)
class QuestionWords:
    """A question's words and its number in the key. `{}` in the stem is an answer's `then`."""

    id: str
    number: int
    text: str
    hint: str
    stem: str
    topic: str
    section: str
    why: str
    ordered: bool
    weight: Decimal
    answers: tuple[AnswerWords, ...]

    @cached_property
    def by_key(self) -> dict[str, AnswerWords]:
        return {answer.key: answer for answer in self.answers}


@dataclass(frozen=True)
class Source:
    title: str
    dated: str
    checked: dt.date
    url: str


@dataclass(frozen=True)
class Reason:
    """Why an answer rules an option out, on what evidence, and what would lift it."""

    option: str
    question: str
    answer: str
    reason: str
    lifts: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Version:
    """A version of the model and what was new in it."""

    version: int
    dated: dt.date
    text: str


@dataclass(frozen=True, eq=False)
class Fit:
    """Numbers and words of the model, as of `dated`. One is like no other, so it can be a key."""

    numbers: engine.Model
    dated: dt.date
    options: dict[str, OptionWords]
    questions: tuple[QuestionWords, ...]
    reasons: tuple[Reason, ...]
    accuracy: dict[str, Any]
    history: tuple[Version, ...]

    @cached_property
    def by_id(self) -> dict[str, QuestionWords]:
        return {question.id: question for question in self.questions}

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What the knock-outs rest on, each once."""
        return tuple(dict.fromkeys(s for reason in self.reasons for s in reason.sources))

    def reason(self, option: str, question: str, answer: str) -> Reason:
        """Raises StopIteration when the answer does not rule the option out."""
        asked = (option, question, answer)
        return next(r for r in self.reasons if (r.option, r.question, r.answer) == asked)


@lru_cache(maxsize=1)
def fit() -> Fit:
    """The shipped model, read once for each process."""
    return load(PATH.read_text(encoding="utf-8"))


def of_version(version: int) -> Fit:
    """The model that a result was computed with. Raises LookupError when it was not kept."""
    return fit() if version == fit().numbers.version else _earlier(version, EARLIER)


@lru_cache(maxsize=8)
def _earlier(version: int, folder: Path) -> Fit:
    path = folder / f"{version}.yaml"
    if not path.is_file():
        raise LookupError(f"model {version} of the fit key was not kept in {folder}")
    return load(path.read_text(encoding="utf-8"))


def load(text: str) -> Fit:
    """Reads a model. Mistakes raise: without a model there is no wizard."""
    raw = authored.values(text)
    options = {entry["id"]: OptionWords(**entry) for entry in raw["options"]}
    sources = {
        id: Source(entry["title"], str(entry["dated"]), entry["checked"], entry["url"])
        for id, entry in raw["sources"].items()
    }
    reasons = tuple(_reason(entry, sources) for entry in raw["knock_outs"])
    numbers = engine.Model(
        version=raw["version"],
        base=Decimal(raw["base"]),
        options=tuple(options),
        questions=tuple(_numbers(entry, tuple(options)) for entry in raw["questions"]),
        pairing=_pairing(raw["hybrid"]),
        knock_outs=tuple(
            engine.KnockOut(
                r.option,
                r.question,
                r.answer,
                min((source.checked for source in r.sources), default=None),
            )
            for r in reasons
        ),
    )
    questions = tuple(_words(entry, number) for number, entry in enumerate(raw["questions"], 1))
    history = tuple(Version(**entry) for entry in raw["history"])
    return Fit(numbers, raw["dated"], options, questions, reasons, raw["accuracy"], history)


def _numbers(entry: dict[str, Any], options: tuple[str, ...]) -> engine.Question:
    answers = []
    for answer in entry["answers"]:
        effects = [None if e == "X" else Decimal(e) for e in answer["effects"]]
        answers.append(engine.Answer(answer["key"], dict(zip(options, effects, strict=True))))
    weight = Decimal(str(entry["weight"]))
    return engine.Question(entry["id"], weight, entry["ordered"], tuple(answers))


def _pairing(raw: dict[str, Any]) -> engine.Pairing:
    return engine.Pairing(
        elastic=tuple(raw["elastic"]),
        steady=tuple(raw["steady"]),
        bonus={key: None if v is None else Decimal(v) for key, v in raw["bonus"].items()},
        penalty={
            question: {key: Decimal(v) for key, v in by.items()}
            for question, by in raw["penalty"].items()
        },
    )


def _words(entry: dict[str, Any], number: int) -> QuestionWords:
    answers = tuple(
        AnswerWords(
            mark=f"{number}{letter}",
            **{key: answer[key] for key in ("key", "label", "detail", "short", "then")},
        )
        for letter, answer in zip(LETTERS, entry["answers"], strict=False)
    )
    plain = ("id", "text", "hint", "stem", "topic", "section", "why", "ordered")
    return QuestionWords(
        number=number,
        weight=Decimal(str(entry["weight"])),
        answers=answers,
        **{key: entry[key] for key in plain},
    )


def _reason(entry: dict[str, Any], sources: dict[str, Source]) -> Reason:
    named = tuple(sources[id] for id in entry["sources"])
    return Reason(**{**entry, "sources": named})
