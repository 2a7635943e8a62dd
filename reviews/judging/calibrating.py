"""A person's marks of the sample designs, held against the reference marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reviews.judging.rubric import Criterion, Reference, Sample, rubric
from reviews.judging.statistics import weighted_kappa
from reviews.models import Calibration
from teams.models import User


@dataclass(frozen=True, slots=True)
class Held:
    """One mark beside its reference. `off` is None where the person could not judge."""

    criterion: Criterion
    mark: int | None
    reason: str
    reference: Reference

    @property
    def off(self) -> int | None:
        return None if self.mark is None else self.mark - self.reference.mark


def latest(user: object) -> dict[str, Calibration]:
    """By sample, the newest marks of this person under the rubric in force."""
    if not isinstance(user, User):
        return {}
    found = Calibration.objects.filter(user=user, rubric=rubric().version)
    return {one.sample: one for one in found}


def missing(user: object) -> list[Sample]:
    """Samples that this person has not marked under the rubric in force."""
    done = latest(user)
    return [sample for sample in rubric().samples if sample.design not in done]


def keep(user: User, sample: Sample, given: dict[str, tuple[int | None, str]]) -> Calibration:
    marks = {id: {"mark": mark, "reason": reason} for id, (mark, reason) in given.items()}
    return Calibration.objects.create(
        user=user, sample=sample.design, rubric=rubric().version, marks=marks
    )


def held(sample: Sample, kept: Calibration) -> dict[str, Any]:
    """The comparison: each criterion, how many are equal and within one level, the mean
    deviation in levels, and over how many marks."""
    rows = []
    for criterion in rubric().criteria:
        said = kept.marks.get(criterion.id, {})
        rows.append(
            Held(
                criterion,
                said.get("mark"),
                said.get("reason", ""),
                sample.marks[criterion.id],
            )
        )
    off = [row.off for row in rows if row.off is not None]
    return {
        "rows": rows,
        "count": len(off),
        "exact": sum(d == 0 for d in off),
        "adjacent": sum(abs(d) <= 1 for d in off),
        "mean": sum(off) / len(off) if off else None,
    }


def kappa(done: dict[str, Calibration]) -> float | None:
    """Quadratic weighted kappa of this person and the references over both samples; None until
    both are marked. Sixteen marks say whether one reads the levels alike, and no more."""
    if len(done) < len(rubric().samples):
        return None
    pairs = [
        (row.mark, row.reference.mark)
        for sample in rubric().samples
        for row in held(sample, done[sample.design])["rows"]
        if row.mark is not None
    ]
    return weighted_kappa(pairs)
