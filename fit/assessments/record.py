"""A decision as a document: one dict of plain values, with everything that it rests on."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from fit import pages, report, risks
from fit.assessments import kept
from fit.model import AnswerWords, Fit
from fit.models import Record, Round, Version

FORMAT = "warmstart-decision/1"
PAIR = "pair"

Document = dict[str, Any]


def document(record: Record) -> Document:
    """The record with everything that it rests on, as plain values.

    An accepted one is what was accepted then; only its status goes on.
    """
    if record.body:
        later = record.successors.filter(accepted__isnull=False).last()
        return {
            **record.body,
            "status": record.status,
            "superseded_by": later.number if later else None,
        }
    version, words = record.version, kept.words_of(record.version)
    chosen = options_of(version, record.choice)
    of = record.assessment
    return {
        "format": FORMAT,
        "number": record.number,
        "title": record.title,
        "status": record.status,
        "superseded_by": None,
        "supersedes": record.supersedes.number if record.supersedes else None,
        "assessment": {
            "name": of.name,
            "version": version.number,
            "team": of.team.name if of.team else None,
            "person": str(of.person) if of.person else None,
        },
        "proposed": _signed(record.by, record.created),
        "accepted": _signed(record.accepted_by, record.accepted) if record.accepted else None,
        "model": version.model,
        "scored": timezone.localdate(version.created).isoformat(),
        "verdict": version.headline,
        "band": version.result["band"],
        "margin": version.result["margin"],
        "context": record.context,
        "decision": {
            "option": record.choice,
            "title": title_of(words, version, record.choice),
            "text": record.decision,
            "follows_the_verdict": record.choice == choices(version)[0][0],
        },
        "answers": [
            {
                "question": part.question.id,
                "text": part.question.text,
                "answer": part.answer.key,
                "mark": part.answer.mark,
                "words": part.answer.label,
            }
            for part in kept.answers(words, version.answers)
        ],
        "open": [q.text for q in words.questions if q.id not in version.answers],
        "contributions": [_contributions(words, version, option) for option in chosen],
        "alternatives": _alternatives(words, version, chosen),
        "dissent": {"text": record.dissent, **_dissent(version)},
        "consequences": record.consequences,
        "risks": _risks(words, version, chosen),
        "review": {
            "on": record.review_on.isoformat(),
            "triggers": {
                "traffic": record.on_traffic,
                "team": record.on_team,
                "provider_limit": record.on_limit,
            },
        },
        "result": version.result,
    }


def _signed(by: object, moment: Any) -> dict[str, str]:
    return {"by": str(by or "a former member"), "on": timezone.localdate(moment).isoformat()}


def choices(version: Version) -> list[tuple[str, str]]:
    """What may be chosen, with its title: the verdict first, then the ranking as stored."""
    words, stored = kept.words_of(version), version.result
    listed = [
        (entry["option"], words.options[entry["option"]].title) for entry in stored["ranking"]
    ]
    pair = stored["pair"]
    if pair is None:
        return listed
    place = 0 if pair["lead"] > 0 else len(listed)
    listed.insert(place, (PAIR, title_of(words, version, PAIR)))
    return listed


def options_of(version: Version, choice: str) -> list[str]:
    pair = version.result["pair"]
    return [pair["elastic"], pair["steady"]] if choice == PAIR and pair else [choice]


def title_of(words: Fit, version: Version, choice: str) -> str:
    found = [words.options[option] for option in options_of(version, choice)]
    return f"{found[0].title} beside {found[1].phrase}" if len(found) > 1 else found[0].title


def _contributions(words: Fit, version: Version, option: str) -> Document:
    entry = _entry(version, option)
    return {
        "option": option,
        "title": words.options[option].title,
        "base": float(words.numbers.base),
        "score": entry["score"],
        "low": entry["low"],
        "high": entry["high"],
        "parts": [
            {
                "question": part.question.id,
                "topic": part.question.topic,
                "mark": part.answer.mark,
                "words": part.answer.plain,
                "points": part.points,
            }
            for part in kept.parts(words, version.result, option)
        ],
    }


def _entry(version: Version, option: str) -> Document:
    found: Document = next(e for e in version.result["ranking"] if e["option"] == option)
    return found


def _alternatives(words: Fit, version: Version, chosen: list[str]) -> list[Document]:
    """What was not chosen, with its score and why it is out or behind."""
    best = max(_entry(version, option)["score"] for option in chosen)
    reasons = {r.option: r for r in kept.reasons(words, version.result)}
    return [
        {
            "option": row.option.id,
            "title": row.option.title,
            "score": row.score,
            "difference": round(row.score - best, 6),
            "ruled_out_by": [answer.plain for answer in row.out],
            "because": reasons[row.option.id].reason if row.option.id in reasons else "",
            "lifts": reasons[row.option.id].lifts if row.option.id in reasons else "",
            "sources": [
                {"title": s.title, "checked": s.checked.isoformat(), "url": s.url}
                for s in (reasons[row.option.id].sources if row.option.id in reasons else ())
            ],
        }
        for row in kept.rows(words, version.result)
        if row.option.id not in chosen
    ]


def _risks(words: Fit, version: Version, chosen: list[str]) -> list[Document]:
    """What the choice risks under these answers, the gates, and the answers against it."""
    drawn = {r["id"]: r for option in chosen for r in risks.drawn(option, version.answers)}
    found = [
        {
            "title": r["risk"],
            "text": f"Sign: {_inside(r['sign'])} Against it: {_inside(r['mitigation'])}"
            f" Owner: {r['owner']}.",
            **{name: r[name] for name in ("id", "sign", "mitigation", "owner")},
        }
        for r in drawn.values()
    ]
    gates = (report.GATES[gate] for gate in version.result["gates"] if gate in report.GATES)
    found += [{"title": title, "text": text} for title, text in gates]
    for option in chosen:
        for part in reversed(kept.parts(words, version.result, option)):
            if part.points is None:
                reason = words.reason(option, part.question.id, part.answer.key)
                against = f"The model rules it out. {reason.reason} It lifts when: {reason.lifts}"
            elif part.points < 0:
                points = f"{abs(part.points):.1f} points"
                against = f"This answer speaks against {words.options[option].phrase}: {points}."
            else:
                continue
            found.append({"title": f"{part.question.topic}: {part.answer.plain}", "text": against})
    return found


def _inside(sentence: str) -> str:
    """A sentence behind a colon."""
    return sentence[:1].lower() + sentence[1:]


# Dissent


def _dissent(version: Version) -> Document:
    """Who answered otherwise in the round that gave the version, and how disputes were settled."""
    round = Round.objects.filter(agreed=version).first()
    if round is None:
        return {"answers": [], "settled": []}
    words = kept.words_of(version)
    ballots = list(round.ballots.select_related("by"))
    said = [
        {
            "by": str(ballot.by or "a former member"),
            "question": q.id,
            "text": q.text,
            "words": q.by_key[ballot.answers[q.id]].label,
            "agreed": _label(words, q.id, version.answers.get(q.id, "")),
        }
        for q in words.questions
        for ballot in ballots
        if ballot.answers.get(q.id) in q.by_key
        and ballot.answers[q.id] != version.answers.get(q.id)
    ]
    settled = [
        {
            "question": s.question,
            "text": words.by_id[s.question].text,
            "words": _label(words, s.question, s.answer),
            "reason": s.reason,
            "by": str(s.by or "a former member"),
        }
        for s in round.settlements.select_related("by")
        if s.question in words.by_id
    ]
    return {"answers": said, "settled": settled}


def _label(words: Fit, question: str, answer: str) -> str:
    found: AnswerWords | None = words.by_id[question].by_key.get(answer)
    return found.label if found else "left open"


def triggers(version: Version) -> dict[str, str]:
    """Proposals for what should reopen the decision, from the flips and the limits of a result."""
    words, stored = kept.words_of(version), version.result
    steps = [
        words.by_id[id].stem.format(words.by_id[id].by_key[key].then)
        for flip in stored["flips"]["one_step"]
        for id, key in flip["changes"].items()
    ]
    limits = sorted({r.question for r in kept.reasons(words, stored)})
    topics = pages.words([words.by_id[id].topic for id in limits])
    return {
        "on_traffic": f"When {' and '.join(steps)}: that turns the result." if steps else "",
        "on_team": "When the people who build or run it change, or another team takes it over.",
        "on_limit": f"When a provider moves a limit on: {topics}." if limits else "",
    }
