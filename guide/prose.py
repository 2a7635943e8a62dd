"""What the prose of the guide reads like: how hard, how long its sentences are, what it repeats.

A report for writers (`make prose`); nothing here passes or fails.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONG = 40
"""Words from which a sentence is long."""
RUN = 7
"""Words in a row that two sections must not share."""
FILLER = (
    "simply", "just", "basically", "actually", "very", "really", "in order to", "it is important",
    "it is worth", "note that", "of course", "obviously", "clearly", "leverage", "robust",
    "seamless", "crucial", "delve", "landscape",
)  # fmt: skip

_SENTENCE = re.compile(r"(?<=[.!?])[”\"’)]*\s+(?=[“\"A-Z0-9`\[(])")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_MARKUP = (
    (re.compile(r"\[\[(?:[^\]|]*\|)?([^\]]+)\]\]"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"^(#|\||:::|>|- |\d+\. ).*$", re.M), ""),
    (re.compile(r"[*`_]"), ""),
    (re.compile("\ue000\\d+\ue000"), ""),
)


@dataclass(frozen=True)
class Reading:
    """`grade` is the Flesch-Kincaid grade: years of school that a sentence asks for."""

    words: int
    sentences: int
    grade: float
    long: tuple[str, ...]
    filler: tuple[tuple[str, int], ...]
    openings: tuple[tuple[str, int], ...]


def plain(markdown: str) -> str:
    """Running text only: no headings, tables, lists, marks."""
    for pattern, put in _MARKUP:
        markdown = pattern.sub(put, markdown)
    return markdown


def sentences(text: str) -> list[str]:
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", text))
    return [s.strip() for p in paragraphs if p for s in _SENTENCE.split(p) if s.strip()]


def syllables(word: str) -> int:
    """Groups of vowels, a silent e left out: good enough for a sum over thousands of words."""
    low = word.lower()
    count = len(_VOWELS.findall(low))
    if low.endswith("e") and not low.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(count, 1)


def reading(markdown: str) -> Reading:
    text = plain(markdown)
    found = sentences(text)
    words = _WORD.findall(text)
    spoken = sum(map(syllables, words))
    count, lines = max(len(words), 1), max(len(found), 1)
    low = text.lower()
    filler = [(w, n) for w in FILLER if (n := len(re.findall(rf"\b{re.escape(w)}\b", low)))]
    first = Counter(" ".join(_WORD.findall(s)[:2]).lower() for s in found)
    return Reading(
        words=len(words),
        sentences=len(found),
        grade=round(0.39 * count / lines + 11.8 * spoken / count - 15.59, 1),
        long=tuple(s for s in found if len(_WORD.findall(s)) > LONG),
        filler=tuple(filler),
        openings=tuple((o, n) for o, n in first.most_common(3) if n > 3),
    )


def repeated(texts: Mapping[str, str], run: int = RUN) -> list[tuple[str, tuple[str, ...]]]:
    """Runs of words that stand in more than one text, longest first: the words, and where."""
    words = {name: [w.lower() for w in _WORD.findall(plain(text))] for name, text in texts.items()}
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, said in words.items():
        for at in range(len(said) - run + 1):
            where[tuple(said[at : at + run])].add(name)
    shared = {gram: names for gram, names in where.items() if len(names) > 1}
    found: dict[tuple[str, ...], str] = {}
    for said in words.values():
        for phrase, names in _joined(said, shared, run):
            found.setdefault(names, "")
            if len(phrase) > len(found[names]):
                found[names] = phrase
    return sorted(((p, n) for n, p in found.items()), key=lambda pair: -len(pair[0]))


def _joined(
    said: Sequence[str], shared: Mapping[tuple[str, ...], set[str]], run: int
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Shared runs of one text, those that overlap and stand in the same texts put together."""
    at = 0
    while at < len(said) - run + 1:
        names = shared.get(tuple(said[at : at + run]))
        if names is None:
            at += 1
            continue
        end = at + run
        while shared.get(tuple(said[end - run + 1 : end + 1])) == names and end < len(said):
            end += 1
        yield " ".join(said[at:end]), tuple(sorted(names))
        at = end
