"""Search over the whole guide: an inverted index in memory with BM25, no service, no database.

Words are reduced to a stem; the last word of a query also matches as a beginning; a phrase in
quotes has to occur as it stands. A word that occurs nowhere is replaced by its nearest
neighbour, and the page says so.
"""

from __future__ import annotations

import bisect
import html
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from guide.book import Book, book
from guide.documents import Document, documents

KINDS = {
    "section": "Sections",
    "heading": "Passages",
    "term": "Terms",
    "pattern": "Patterns",
    "rule": "Rules",
    "reference": "Reference",
    "exercise": "Exercises",
    "plate": "Plates",
    "chapter": "Chapters",
}
_WEIGHT = {
    "section": 1.25,
    "chapter": 1.05,
    "term": 1.3,
    "pattern": 1.25,
    "rule": 1.0,
    "reference": 1.0,
    "exercise": 0.75,
    "plate": 0.7,
    "heading": 0.9,
}
_TITLE = 5
_K1, _B = 1.4, 0.6
_FLOOR = 0.02
"""Results below this share of the best score are noise."""
_LONGEST = 200
_WORD = re.compile(r"[a-z0-9]+")
_NOISE = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from in is it of on or that the to with")
)


@dataclass(frozen=True)
class Hit:
    document: Document
    score: float
    title: SafeString
    snippet: SafeString

    @property
    def word(self) -> str:
        """What kind of thing it is, for the reader."""
        return KINDS[self.document.kind].removesuffix("s")


@dataclass(frozen=True)
class Results:
    """`corrected` is the query that was searched instead, if a word was not known."""

    query: str
    hits: tuple[Hit, ...]
    counts: dict[str, int]
    corrected: str = ""
    nearest: tuple[Document, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def stem(word: str) -> str:
    """A plain stem: enough that retry, retries and retrying meet."""
    for ending, put in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("ed", ""),
        ("es", "e"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + put
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class Index:
    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.postings: dict[str, dict[int, float]] = {}
        self.lengths: list[float] = []
        self.normal: list[str] = []
        shown: dict[str, Counter[str]] = {}
        for number, document in enumerate(documents):
            title = words(" ".join((document.title, *document.names)))
            body = words(document.text)
            counts: Counter[str] = Counter()
            for word, weight in [*((w, _TITLE) for w in title), *((w, 1) for w in body)]:
                if word not in _NOISE:
                    key = stem(word)
                    counts[key] += weight
                    shown.setdefault(key, Counter())[word] += 1
            for key, count in counts.items():
                self.postings.setdefault(key, {})[number] = count
            self.lengths.append(len(body) + len(title))
            self.normal.append(f" {' '.join(title)} {' '.join(body)} ")
        self.mean = sum(self.lengths) / max(len(self.lengths), 1) or 1
        self.vocabulary = sorted(self.postings)
        self.shown = {key: count.most_common(1)[0][0] for key, count in shown.items()}

    def keys(self, word: str, is_last: bool) -> list[str]:
        """The stems that a word of a query stands for."""
        key = stem(word)
        found = [key] if key in self.postings else []
        if is_last and len(word) >= 2:
            at = bisect.bisect_left(self.vocabulary, word)
            while at < len(self.vocabulary) and self.vocabulary[at].startswith(word):
                found.append(self.vocabulary[at])
                at += 1
        return list(dict.fromkeys(found))[:60]

    def near(self, word: str) -> str:
        """The known word that is nearest to an unknown one, or nothing."""
        known = [v for v in self.vocabulary if abs(len(v) - len(word)) <= 2]
        close = get_close_matches(stem(word), known, n=1, cutoff=0.72)
        return self.shown[close[0]] if close else ""

    def scores(self, groups: Iterable[list[str]]) -> dict[int, float]:
        """BM25 over groups of alternatives; documents that match more groups come first."""
        total = len(self.documents)
        scores: dict[int, float] = {}
        matched: Counter[int] = Counter()
        wanted = 0
        for group in groups:
            wanted += 1
            best: dict[int, float] = {}
            for place, key in enumerate(group):
                posting = self.postings[key]
                idf = math.log(1 + (total - len(posting) + 0.5) / (len(posting) + 0.5))
                # A beginning counts for less than the word itself.
                share = 1.0 if place == 0 else 0.6
                for number, count in posting.items():
                    length = 1 - _B + _B * self.lengths[number] / self.mean
                    value = share * idf * count * (_K1 + 1) / (count + _K1 * length)
                    best[number] = max(best.get(number, 0.0), value)
            for number, value in best.items():
                scores[number] = scores.get(number, 0.0) + value
                matched[number] += 1
        return {n: s * (matched[n] / wanted) ** 3 for n, s in scores.items()} if wanted else {}


@dataclass(frozen=True)
class _Query:
    """What was typed, read: alternatives for each word, phrases, and the corrected wording."""

    whole: str
    groups: tuple[list[str], ...]
    phrases: tuple[str, ...]
    corrected: str

    @property
    def marks(self) -> set[str]:
        return {key for group in self.groups for key in group}


def _read(query: str, index: Index) -> _Query:
    typed = words(query)
    asked = [w for w in typed if w not in _NOISE] or typed
    groups, said, corrected = [], list(typed), False
    for place, word in enumerate(asked):
        keys = index.keys(word, is_last=place == len(asked) - 1 and not query.endswith('"'))
        if not keys and (near := index.near(word)):
            keys, corrected = index.keys(near, is_last=False), True
            said = [near if w == word else w for w in said]
        if keys:
            groups.append(keys)
    phrases = tuple(" ".join(words(p)) for p in re.findall(r'"([^"]+)"', query))
    wording = " ".join(said) if corrected else ""
    return _Query(" ".join(typed), tuple(groups), phrases, wording)


def _boost(document: Document, whole: str) -> float:
    """What is called exactly what was asked for comes first."""
    weight = _WEIGHT[document.kind]
    names = [" ".join(words(name)) for name in (document.title, *document.names)]
    if any(name.removesuffix("s") == whole.removesuffix("s") for name in names):
        return weight * 3
    if whole and names[0].startswith(whole):
        return weight * (1 + 1 / len(names[0].split()))
    return weight * (1.4 if whole and f" {whole} " in f" {names[0]} " else 1)


def search(query: str, kind: str = "", chapter: int = 0, limit: int = 60) -> Results:
    """What a query finds, best first. `kind` and `chapter` narrow it; counts are before `kind`."""
    index = _index(book())
    query = " ".join(query[:_LONGEST].split())
    read = _read(query, index)
    ranked: list[tuple[float, int]] = []
    for number, score in index.scores(read.groups).items():
        document = index.documents[number]
        if chapter and document.chapter != chapter:
            continue
        if all(f" {phrase} " in index.normal[number] for phrase in read.phrases):
            ranked.append((-score * _boost(document, read.whole), number))
    ranked.sort()
    least = ranked[0][0] * _FLOOR if ranked else 0
    ranked = [r for r in ranked if r[0] <= least]
    counts = Counter(index.documents[n].kind for _, n in ranked)
    chosen = [r for r in ranked if not kind or index.documents[r[1]].kind == kind][:limit]
    marks = read.marks
    hits = tuple(_hit(index.documents[n], -score, marks) for score, n in chosen)
    nearest = () if hits else _nearest(index, words(query))
    ordered = {k: counts[k] for k in KINDS if counts[k]}
    return Results(query, hits, ordered, read.corrected, nearest)


def _nearest(index: Index, typed: list[str]) -> tuple[Document, ...]:
    """Terms whose names look like the query, for a page that found nothing."""
    terms = {d.title.lower(): d for d in index.documents if d.kind == "term"}
    close = get_close_matches(" ".join(typed), list(terms), n=3, cutoff=0.4)
    return tuple(terms[name] for name in close)


def _hit(document: Document, score: float, marks: set[str]) -> Hit:
    return Hit(
        document,
        score,
        _marked(document.title, marks),
        _marked(_extract(document.text, marks), marks),
    )


def _extract(text: str, marks: set[str], size: int = 180) -> str:
    """The part of a text around the first word that was found."""
    if len(text) <= size:
        return text
    first = next((m.start() for m in re.finditer(r"\w+", text) if stem(m[0].lower()) in marks), 0)
    begin = max(0, first - 60)
    if begin:
        begin = text.find(" ", begin) + 1
    end = text.rfind(" ", begin, begin + size)
    end = end if end > begin else begin + size
    return ("… " if begin else "") + text[begin:end] + (" …" if end < len(text) else "")


def _marked(text: str, marks: set[str]) -> SafeString:
    parts = []
    for piece in re.split(r"(\w+)", text):
        safe = html.escape(piece)
        parts.append(f"<mark>{safe}</mark>" if stem(piece.lower()) in marks else safe)
    return mark_safe("".join(parts))


_elsewhere: list[Callable[[], Iterable[Document]]] = []


def provide(found: Callable[[], Iterable[Document]]) -> None:
    """Adds what another app has to be found; asked once, at the first search."""
    _elsewhere.append(found)


@lru_cache(maxsize=1)
def _index(source: Book) -> Index:
    others = (document for found in _elsewhere for document in found())
    return Index((*documents(source), *others))
