"""One item in the making: declarations, body, processing, in the order that QTI wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from scenarios import engine
from scenarios.engine import Exercise
from scenarios.exporting.markup import into

RESPONSE: Final = "RESPONSE"


class NotExportable(Exception):
    """The exercise says something that QTI cannot; the message says what."""


class Item:
    """An item in the making. Declarations come before the body, processing after it."""

    def __init__(self, root: Element, exercise: Exercise) -> None:
        self.root = root
        self.exercise = exercise
        self.form = engine.present(exercise, 0)
        self.body = Element("qti-item-body")
        self.processing = Element("qti-response-processing")
        self.external = False
        into(SubElement(self.body, "div"), self.form.prompt)

    def declare(self, id: str, cardinality: str, type: str, right: Iterable[str]) -> Element:
        attributes = {"identifier": id, "cardinality": cardinality, "base-type": type}
        found = SubElement(self.root, "qti-response-declaration", attributes)
        values = list(right)
        if values:
            correct = SubElement(found, "qti-correct-response")
            for value in values:
                SubElement(correct, "qti-value").text = value
        return found

    def map(self, declaration: Element, values: Mapping[str, float]) -> None:
        """Raw points for each part of a response, held between 0 and 1."""
        bounds = {"default-value": "0", "lower-bound": "0", "upper-bound": "1"}
        mapping = SubElement(declaration, "qti-mapping", bounds)
        for key, value in values.items():
            entry = {"map-key": key, "mapped-value": digits(value)}
            SubElement(mapping, "qti-map-entry", entry)
        self.normalise("qti-map-response", RESPONSE)

    def normalise(self, what: str, id: str) -> None:
        """SCORE is a value less what thoughtless answers are worth, as a share of the rest."""
        floor = engine.baseline(self.exercise, 0)
        outcome = SubElement(self.processing, "qti-set-outcome-value", {"identifier": "SCORE"})
        most = SubElement(outcome, "qti-max")
        base_value(most, 0.0)
        share = SubElement(most, "qti-divide")
        above = SubElement(share, "qti-subtract")
        SubElement(above, what, {"identifier": id})
        base_value(above, floor)
        base_value(share, 1 - floor)

    def finish(self, note: str) -> None:
        attributes = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
        if self.external:
            attributes["external-scored"] = "human"
        for name, value in (("SCORE", "0"), ("MAXSCORE", "1")):
            made = SubElement(
                self.root, "qti-outcome-declaration", {**attributes, "identifier": name}
            )
            SubElement(SubElement(made, "qti-default-value"), "qti-value").text = value
        rule = "Scored from 0 to 1; what thoughtless answers are worth is taken off first."
        rubric = SubElement(self.body, "qti-rubric-block", {"use": "scoring", "view": "scorer"})
        inside = SubElement(rubric, "qti-content-body")
        SubElement(inside, "p").text = f"{rule} {note}".strip()
        if self.exercise.explain:
            into(inside, self.exercise.explain)
        self.root.append(self.body)
        if len(self.processing) or self.processing.attrib:
            self.root.append(self.processing)


def digits(value: float) -> str:
    """A number as QTI writes it, with ten digits."""
    return f"{value:.10g}"


def base_value(parent: Element, value: float) -> None:
    SubElement(parent, "qti-base-value", {"base-type": "float"}).text = digits(value)


def prompt(interaction: Element, text: str) -> None:
    SubElement(interaction, "qti-prompt").text = text
