"""What a view says of each part. `Lens` is the view *structure*; the others build on it.

A lens gives looks, and nothing of it is drawn here: few words, chips (small marks with a shape
and a text), quiet or strong, and for lines a weight. Facts are the same for the written account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from design.document import value_text
from design.kinds import DATA_CLASSES, EDGE_KINDS
from design.model import Boundary, Component, Design, Edge, Part

from ._fold import Box, Tie
from ._words import clean, edge_label, node_note


@dataclass(frozen=True, slots=True)
class Pin:
    """A finding on the component or edge `subject`, with its `number` in the list. `title`
    is what the written account says of it."""

    subject: str
    number: int
    severity: str
    title: str = ""


@dataclass(frozen=True)
class Notes:
    """What is laid over a design: pins; `figures` are (component, number) for a text that walks
    through the picture; `changes` maps ids to ``added``, ``removed`` or ``changed``, and `said`
    ids to what changed; `subject` is the component that the picture is about."""

    pins: Sequence[Pin] = ()
    figures: Sequence[tuple[str, int]] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A small mark: `kind` gives its shape, `text` stands in it, `dot` marks personal data."""

    kind: str
    text: str = ""
    dot: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a part looks. `weight` is 0 to 5 for the width of a line, 0 where it says nothing."""

    words: str = ""
    chips: tuple[Chip, ...] = ()
    quiet: bool = False
    strong: bool = False
    weight: int = 0


class Lens:
    """The view *structure*: what there is, and what goes where."""

    def __init__(self, design: Design, notes: Notes) -> None:
        self.design = design
        self.notes = notes

    def node(self, c: Component) -> Look:
        return Look(node_note(c))

    def tie(self, tie: Tie) -> Look:
        return Look(edge_label(tie.edge) if tie.edge else tie.words)

    def box(self, box: Box) -> Look:
        """A boundary drawn as one node."""
        return Look(counted(len(box.members), "component"))

    def several(self, ties: Sequence[Tie]) -> Look:
        """Ties that are drawn as one line."""
        looks = [self.tie(tie) for tie in ties]
        return Look(
            counted(len(ties), "edge"),
            quiet=all(look.quiet for look in looks),
            strong=any(look.strong for look in looks),
        )

    def bound(self, boundary: Boundary) -> bool:
        """Whether a boundary stands out."""
        return False

    def steps(self) -> tuple[str, ...]:
        """What the weights 1 to 5 of lines stand for, for the key; () where nothing."""
        return ()

    # -- for the written account ---------------------------------------------------

    def summary(self) -> list[str]:
        """Sentences before everything else."""
        return []

    def facts(self, c: Component) -> list[str]:
        note = node_note(c)
        return [note] if note else []

    def tie_facts(self, tie: Tie) -> list[str]:
        """Everything that the text states of an edge."""
        return edge_facts(self.design, tie.edge) if tie.edge else [tie.words]

    def rank(self, tie: Tie) -> int:
        """Ties with a lower rank are told first."""
        return 0


def counted(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def edge_facts(design: Design, edge: Edge) -> list[str]:
    """The attributes of an edge in words, those with a meaning for readers first."""
    facts = []
    if EDGE_KINDS[edge.kind].delivery == "at_least_once":
        facts.append("at least once")
    data = edge.get("data")
    if isinstance(data, tuple):
        facts.append("carries " + (", ".join(data_words(design, id) for id in data) or "no data"))
    if to := edge.get("on_failure"):
        facts.append(f"failures go to {clean(to)}")
    told = {"data", "on_failure"} | ({"was"} if edge.has("was") else set())
    return facts + [stated for path, stated in _stated(edge) if path not in told]


def _stated(part: Part) -> list[tuple[str, str]]:
    return [
        (path, f"{path} {clean(value_text(attr.value))}")
        for path, attr in sorted(part.attrs.items())
    ]


def data_words(design: Design, id: str) -> str:
    """A data item with its class: ``order (confidential, personal)``."""
    item = design.data_item(id)
    if item is None:
        return clean(id)
    words = [item.get("class") or "class not stated"]
    if item.get("personal"):
        words.append("personal")
    return f"{clean(item.get('title') or id)} ({', '.join(words)})"


def highest_class(design: Design, ids: Sequence[str]) -> tuple[str | None, bool]:
    """The highest class among data items, and whether any of them is about a person."""
    items = [item for id in ids if (item := design.data_item(id))]
    stated = [item.get("class") for item in items if item.get("class")]
    top = max(stated, key=DATA_CLASSES.index) if stated else None
    return top, any(item.get("personal") for item in items)
