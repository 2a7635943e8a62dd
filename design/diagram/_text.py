"""A picture in words, good enough to work from without it.

Components stand in the order in which things flow, grouped by boundary; every edge is told
where it leaves, with what it means and what the text states of it; findings by their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from design.kinds import COMPONENT_KINDS, EDGE_KINDS
from design.model import Component

from ._fold import Box, Stub, Tie, flow
from ._lens import counted
from ._scene import Plan, bound_label
from ._view import VIEWS
from ._words import clean


@dataclass(frozen=True, slots=True)
class Way:
    """Something that leaves: ``calls place-order``, what is stated of it, its findings."""

    words: str
    facts: tuple[str, ...]
    findings: tuple[str, ...]

    def __str__(self) -> str:
        inside = "; ".join((*self.facts, *self.findings))
        return f"{self.words} ({inside})" if inside else self.words


@dataclass(frozen=True, slots=True)
class Entry:
    """A component, or a boundary drawn as one box."""

    name: str
    kind: str
    facts: tuple[str, ...]
    findings: tuple[str, ...]
    ways: tuple[Way, ...]

    def __str__(self) -> str:
        about = "; ".join((", ".join((self.kind, *self.facts)), *self.findings))
        text = f"{self.name}: {about}."
        return f"{text} It {'; '.join(map(str, self.ways))}." if self.ways else text


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one boundary; `place` names it and those around it, "" where there is none."""

    place: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The whole picture: `title`, sentences about all of it, groups in the order of the flow."""

    title: str
    summary: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each component or box."""
        return tuple(str(entry) for group in self.groups for entry in group.entries)

    def __str__(self) -> str:
        """Plain text, with lines to read from top to bottom."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield self.title
        yield from self.summary
        for group in self.groups:
            yield (
                f"\n{group.place[:1].upper()}{group.place[1:]}"
                if group.place
                else "\nIn no boundary"
            )
            for entry in group.entries:
                yield f"- {entry.name}: {', '.join((entry.kind, *entry.facts))}"
                yield from (f"    {finding}" for finding in entry.findings)
                yield from (f"    {way}" for way in entry.ways)


def description(made: Plan) -> str:
    """One sentence, for the `desc` of the SVG."""
    shown = made.shown
    parts = [counted(len(shown.components), "component")]
    if shown.boxes:
        parts.append(f"{_boundaries(len(shown.boxes))} as one box")
    if shown.bundles:
        parts.append(counted(len(shown.bundles), "line"))
    if shown.bounds:
        parts.append(_boundaries(len(shown.bounds)))
    view = VIEWS[made.view.name]
    return f"{view}: {', '.join(parts)}. The text version below the drawing tells each of them."


def _boundaries(count: int) -> str:
    return f"{count:,} boundary" if count == 1 else f"{count:,} boundaries"


def account(made: Plan) -> Account:
    design = made.design
    return Account(
        title=f"{clean(design.title)}: {VIEWS[made.view.name].lower()}",
        summary=tuple(_summary(made)),
        groups=tuple(_groups(made, flow(design))),
    )


def _summary(made: Plan) -> Iterator[str]:
    design, shown = made.design, made.shown
    parts = [counted(len(design.components), "component"), counted(len(design.edges), "edge")]
    if design.boundaries:
        parts.append(_boundaries(len(design.boundaries)))
    yield f"{', '.join(parts)}."
    if shown.boxes:
        yield f"Drawn as one box: {', '.join(clean(box.boundary.id) for box in shown.boxes)}."
    if made.view.focus:
        hops = counted(made.view.hops, "hop")
        rest = (
            f"{counted(shown.hidden, 'component')} are" if shown.hidden != 1 else "1 component is"
        )
        yield f"Shown is {made.view.focus} with what is within {hops}; {rest} not shown."
    yield from (clean(sentence) for sentence in made.lens.summary())
    if made.notes.pins:
        yield f"{counted(len(made.notes.pins), 'finding')} pinned, told by number where they sit."


def _groups(made: Plan, flow: dict[str, int]) -> Iterator[Group]:
    leaving: dict[str, list[Tie]] = {}
    for bundle in made.shown.bundles:
        leaving.setdefault(bundle.source, []).extend(bundle.ties)
    stubs: dict[str, list[Stub]] = {}
    for stub in made.shown.stubs:
        stubs.setdefault(stub.at, []).append(stub)
    found: list[tuple[int, str, Entry]] = []
    for c in made.shown.components:
        ways = _ways(made, leaving.get(c.id, ()), stubs.get(c.id, ()), c.id)
        place = ", in ".join(bound_label(b) for b in made.design.boundary_chain(c))
        found.append((flow[c.id], place, _component(made, c, ways)))
    for box in made.shown.boxes:
        ways = _ways(made, leaving.get(box.id, ()), stubs.get(box.id, ()), box.id)
        parent = made.design.boundary(box.boundary.parent)
        place = bound_label(parent) if parent else ""
        found.append((min(flow[id] for id in box.members), place, _box(made, box, ways)))
    found.sort(key=lambda item: item[0])
    places: dict[str, list[Entry]] = {}
    for _, place, entry in found:
        places.setdefault(place, []).append(entry)
    for place, entries in places.items():
        yield Group(clean(place), tuple(entries))


def _component(made: Plan, c: Component, ways: tuple[Way, ...]) -> Entry:
    kind = "Dead-letter queue" if c.is_dlq else COMPONENT_KINDS[c.kind].title
    facts = list(made.lens.facts(c))
    if c.id == made.notes.subject:
        facts.append("the subject of this picture")
    facts += [f"number {n}" for id, n in made.notes.figures if id == c.id]
    name = c.id if c.title == c.id else f"{clean(c.title)} ({c.id})"
    return Entry(name, kind, _cleaned(facts), _findings(made, c.id), ways)


def _box(made: Plan, box: Box, ways: tuple[Way, ...]) -> Entry:
    members = [made.design.component(id) for id in box.members]
    inside = ", ".join(f"{c.id} ({COMPONENT_KINDS[c.kind].title.lower()})" for c in members)
    facts = [
        f"one box for {counted(len(members), 'component')}: {inside}",
        f"{counted(len(box.ties), 'edge')} inside",
    ]
    findings = [f for id in box.members for f in _findings(made, id)]
    within = [f for tie in box.ties for f in _findings(made, tie.subject)]
    return Entry(
        clean(str(box.boundary.get("title") or box.boundary.id)),
        f"{box.boundary.kind} boundary",
        _cleaned(facts),
        (*findings, *within),
        ways,
    )


def _ways(made: Plan, leaving: Iterable[Tie], stubs: Iterable[Stub], node: str) -> tuple[Way, ...]:
    """What leaves a node: the ties to what is shown, then how much is not."""
    ways = [_way(made, tie, node) for tie in sorted(leaving, key=made.lens.rank)]
    for stub in stubs:
        verb = "leads on to" if stub.leaving else "is reached from"
        names = ", ".join(stub.hidden[:8]) + (", …" if len(stub.hidden) > 8 else "")
        words = f"{verb} {counted(len(stub.hidden), 'component')} not shown"
        ways.append(Way(words, (names,), ()))
    return tuple(ways)


def _way(made: Plan, tie: Tie, node: str) -> Way:
    if tie.edge:
        verb = EDGE_KINDS[tie.edge.kind].title
        title = tie.edge.get("title")
        named = f", {clean(title)}" if title else ""
    else:
        verb, named = "sets failed messages aside in", ""
    source = f"{tie.source}: " if node != tie.source else ""
    target = made.shown.node_of[tie.target]
    inside = f" in {target.strip('[]')}" if target != tie.target else ""
    words = f"{source}{verb} {tie.target}{inside}{named}"
    facts = _cleaned(fact for fact in made.lens.tie_facts(tie) if fact)
    return Way(words, facts, _findings(made, tie.subject))


def _findings(made: Plan, subject: str) -> tuple[str, ...]:
    return tuple(
        f"finding {p.number}, {p.severity}" + (f": {clean(p.title)}" if p.title else "")
        for p in made.pins.get(subject, ())
    )


def _cleaned(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean(fact) for fact in facts)
