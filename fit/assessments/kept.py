"""A stored result in words: what pages, records and shared links show of it.

Numbers come from what was stored, words from the model that computed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fit import model, pages, places, report
from fit.asking import Asked
from fit.model import AnswerWords, Fit, OptionWords, QuestionWords
from fit.models import Version

Stored = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of a stored ranking, with what a bar needs."""

    option: OptionWords
    score: float
    low: float
    high: float
    out: tuple[AnswerWords, ...]


@dataclass(frozen=True)
class Part:
    """What one answer gave; `points` is None where it rules the option out."""

    question: QuestionWords
    answer: AnswerWords
    points: float | None
    section: Any = None


def words_of(version: Version) -> Fit:
    return model.of_version(version.model)


def asked(version: Version) -> Asked:
    """The stored answers as the wizard takes them."""
    return Asked(
        said=dict(version.answers),
        locked=frozenset(version.locked),
        into=str(version.assessment_id),
    )


def shown(version: Version) -> dict[str, Any]:
    """The context of `fit/saved/_result.html`."""
    words, stored = words_of(version), version.result
    ranking = rows(words, stored)
    top = ranking[0] if ranking and not ranking[0].out else None
    second = ranking[1] if top and len(ranking) > 1 and not ranking[1].out else None
    return {
        "words": words,
        "stored": stored,
        "headline": version.headline,
        "margin": stored["margin"],
        "band": _band(words, stored["band"]),
        "rows": ranking,
        "limits": any(row.out for row in ranking),
        "low": min(min(r.low, r.score) for r in ranking),
        "high": max(max(r.high, r.score) for r in ranking),
        "top": top,
        "second": second,
        "parts": parts(words, stored, top.option.id) if top else [],
        "largest": largest(parts(words, stored, top.option.id)) if top else 1,
        "base": words.numbers.base,
        "winners": pages.words([words.options[o].name for o in stored["possible_winners"]]),
        "answers": answers(words, version.answers),
        "open": [q for q in words.questions if q.id not in version.answers],
        "gates": [report.GATES[gate] for gate in stored["gates"] if gate in report.GATES],
        "reasons": reasons(words, stored),
        "wizard_url": pages.result_url(asked(version)),
        "is_current": version.model == model.fit().numbers.version,
    }


def rows(words: Fit, stored: Stored) -> list[Row]:
    said = stored["answers"]
    return [
        Row(
            words.options[entry["option"]],
            entry["score"],
            entry["low"],
            entry["high"],
            tuple(words.by_id[q].by_key[said[q]] for q in entry["knocked_out_by"]),
        )
        for entry in stored["ranking"]
    ]


def parts(words: Fit, stored: Stored, option: str) -> list[Part]:
    """What each answer gave an option, the largest first, without those that gave nothing."""
    found = [
        Part(
            words.by_id[c["question"]],
            words.by_id[c["question"]].by_key[c["answer"]],
            c["points"],
            places.section(words.by_id[c["question"]].section),
        )
        for c in stored["contributions"][option]
        if c["points"] != 0
    ]
    return sorted(found, key=lambda part: -(part.points or 0))


def largest(found: list[Part]) -> float:
    return max((abs(part.points or 0) for part in found), default=1) or 1


def answers(words: Fit, said: dict[str, str]) -> list[Part]:
    """Every answer in the order of the key."""
    return [Part(q, q.by_key[said[q.id]], None) for q in words.questions if q.id in said]


def reasons(words: Fit, stored: Stored) -> list[model.Reason]:
    """Why options are out, on what evidence."""
    said = stored["answers"]
    return [
        reason for reason in words.reasons if said.get(reason.question) == reason.answer
    ]  # fmt: skip


def _band(words: Fit, band: str) -> dict[str, Any] | None:
    """The band with how often it was right when the model was measured."""
    for entry in words.accuracy["bands"]:
        if entry["band"] == band:
            return {**entry, "right": round(entry["share"] * entry["of"])}
    return None


# Two results


def difference(before: Version, after: Version) -> dict[str, Any]:
    """What changed between two versions: answers, scores, verdict, model."""
    old, new = words_of(before), words_of(after)
    scores = {entry["option"]: entry for entry in before.result["ranking"]}
    moved = []
    for row in rows(new, after.result):
        was = scores.get(row.option.id)
        moved.append(
            {
                "option": row.option,
                "before": was["score"] if was else None,
                "after": row.score,
                "by": round(row.score - was["score"], 6) if was else None,
                "was_out": bool(was and was["knocked_out_by"]),
                "is_out": bool(row.out),
            }
        )
    return {
        "before": before,
        "after": after,
        "moved": moved,
        "changed": _changed(old, new, before.answers, after.answers),
        "models": before.model != after.model,
        "same_verdict": before.headline == after.headline,
    }


def _changed(
    old: Fit, new: Fit, before: dict[str, str], after: dict[str, str]
) -> list[dict[str, Any]]:
    """Questions that are answered otherwise, in the order of the newer key, then those that
    only the older one has."""
    found = []
    for id in [*new.by_id, *(id for id in old.by_id if id not in new.by_id)]:
        if before.get(id) != after.get(id):
            question = new.by_id.get(id) or old.by_id[id]
            was = old.by_id[id].by_key.get(before.get(id, "")) if id in old.by_id else None
            now = new.by_id[id].by_key.get(after.get(id, "")) if id in new.by_id else None
            found.append({"question": question, "before": was, "after": now})
    return found
