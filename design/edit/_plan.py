"""One edit to the pieces of text that it changes."""

from __future__ import annotations

from collections.abc import Sequence as List
from typing import Any

from ..document import value_text
from ..model import Grant
from ._edits import Add, Append, Drop, Edit, Refused, Remove, Set, Value
from ._parts import SECTIONS, SINGLE, flaw_in, siblings, subject_of, table
from ._plain import added, named, plain_value
from ._sheet import Sheet, Splice
from ._tree import BREAKS, Entry, Mapping, Node, Scalar, Sequence, plain
from ._write import grouped, in_braces, in_lines


class Plan:
    """A text as it stands, and what edits would change in it."""

    def __init__(self, text: str, root: Mapping) -> None:
        self.sheet = Sheet(text)
        self.root = root
        self._places: dict[str, dict[str, int]] = {}

    # -- finding ----------------------------------------------------------------

    def place(self, section: str, subject: str) -> int | None:
        """The number of a part in the list of its section."""
        if section not in self._places:
            node = self.root.value(section)
            items = node.items if isinstance(node, Sequence) else []
            found: dict[str, int] = {}
            for number, item in enumerate(items):
                if isinstance(item, Mapping):
                    found.setdefault(subject_of(section, item), number)
            self._places[section] = found
        return self._places[section].get(subject)

    def part(self, edit: Any) -> Mapping:
        """The part that an edit is about. Raises Refused."""
        section, subject = edit.section, edit.subject
        if section not in SECTIONS:
            raise Refused(edit, f"“{section}” is not a section of a design.")
        node = self.root.value(section)
        if section not in SINGLE and section != "defaults":
            number = self.place(section, subject)
            if number is None:
                raise Refused(edit, f"There is no “{subject}” under {section}.")
            assert isinstance(node, Sequence)
            node = node.items[number]
        elif section == "defaults" and isinstance(node, Mapping):
            node = node.value(subject)
        if not isinstance(node, Mapping):
            raise Refused(edit, f"The text has no {section} of this name to edit.")
        return node

    def starts_a_section(self, edit: Edit) -> bool:
        """Whether the edit needs a section, or a kind under defaults, that the
        text does not have yet."""
        node = self.root.value(edit.section)
        if isinstance(edit, Add):
            return not (isinstance(node, Sequence) and node.items)
        if edit.section == "defaults" and isinstance(node, Mapping):
            node = node.value(edit.subject)
        single = edit.section in (*SINGLE, "defaults")
        return isinstance(edit, Set | Append) and single and not isinstance(node, Mapping)

    # -- edits --------------------------------------------------------------------

    def changes(self, edit: Edit) -> list[Splice]:
        """What an edit changes. Raises Refused when it does not apply."""
        match edit:
            case Set():
                return self._set(edit, edit.path, edit.value)
            case Append():
                return self._append(edit, edit.path, edit.value)
            case Drop():
                return self._drop(edit)
            case Add():
                return self._add(edit)
            case Remove():
                return self._remove(edit)
        raise Refused(edit, "Nobody knows how to do that.")

    def _set(self, edit: Set | Append, path: str, value: Value) -> list[Splice]:
        if self.starts_a_section(edit):
            return self._first_of_section(edit, path, value)
        part = self.part(edit)
        kind = part.text("kind")
        if flaw := flaw_in(edit.section, edit.subject, kind, path):
            raise Refused(edit, flaw)
        group, _, name = path.rpartition(".")
        if not group:
            return self._set_entry(part, name, value)
        entry = part.find(group)
        if entry is None:
            return [self.insert(part, group, f"{{{name}: {value_text(value)}}}")]
        if isinstance(entry.value, Mapping):
            return self._set_entry(entry.value, name, value)
        said = f"{name}: {value_text(value)}"
        if isinstance(entry.value, Scalar) and entry.value.text == "unknown":
            others = siblings(table(edit.section, edit.subject, kind), path)
            said = ", ".join([f"{other}: unknown" for other in others] + [said])
        return self.replace(entry, f"{{{said}}}")

    def _set_entry(self, mapping: Mapping, key: str, value: Value) -> list[Splice]:
        entry = mapping.find(key)
        if entry is None:
            return [self.insert(mapping, key, value_text(value))]
        if isinstance(entry.value, Sequence) and isinstance(value, tuple):
            return self._set_list(entry, entry.value, value)
        return self.replace(entry, value_text(value))

    def _set_list(self, entry: Entry, node: Sequence, value: tuple[Any, ...]) -> list[Splice]:
        """A longer list grows, a list that loses one entry is cut; else it is
        written anew in its own style."""
        old, new = [plain(item) for item in node.items], [plain_value(item) for item in value]
        if old and new[: len(old)] == old:
            return self._grow(node, value[len(old) :])
        gone = [place for place, item in enumerate(old) if item not in new]
        if len(gone) == 1 and [item for item in old if item in new] == new and new:
            return self._cut_item(node, gone[0])
        if node.flow or not value:
            return self.replace(entry, value_text(value))
        lines = [f"- {value_text(item)}" for item in value]
        start, end = self.sheet.line_start(node.start), self.sheet.line_end(node.end)
        pad = self.sheet.newline + " " * node.column
        return [Splice(start, end, (pad + pad.join(lines)).removeprefix(self.sheet.newline))]

    def _append(self, edit: Append, path: str, value: str | Grant) -> list[Splice]:
        only: Any = (value,)
        if self.starts_a_section(edit):
            return self._set(edit, path, only)
        node: Node | None = self.part(edit)
        for name in path.split("."):
            node = node.value(name) if isinstance(node, Mapping) else None
        if not isinstance(node, Sequence):
            return self._set(edit, path, only)
        if plain_value(value) in [plain(item) for item in node.items]:
            return []
        return self._grow(node, (value,))

    def _drop(self, edit: Drop) -> list[Splice]:
        mapping = self.part(edit)
        *groups, name = edit.path.split(".")
        for group in groups:
            entry = mapping.find(group)
            if entry is None or not isinstance(entry.value, Mapping):
                raise Refused(edit, f"The text does not state {edit.path} there.")
            if len(entry.value.entries) == 1 and entry.value.find(name):
                name = group
                break
            mapping = entry.value
        if mapping.find(name) is None:
            raise Refused(edit, f"The text does not state {edit.path} there.")
        if name in ("id", "kind", "from", "to") and not groups:
            raise Refused(edit, f"A part cannot be without {name}.")
        place = next(i for i, entry in enumerate(mapping.entries) if entry.key.text == name)
        return self._cut_entry(edit, mapping, place)

    def _add(self, edit: Add) -> list[Splice]:
        if edit.section not in SECTIONS or edit.section in (*SINGLE, "defaults"):
            raise Refused(edit, f"“{edit.section}” is not a list of parts.")
        said = named(edit.section, edit.subject, edit.attributes)
        for path in edit.attributes:
            kind = str(said.get("kind", ""))
            if flaw := flaw_in(edit.section, edit.subject, kind, path):
                raise Refused(edit, flaw)
        subject = added(edit)
        if self.place(edit.section, subject) is not None:
            raise Refused(edit, f"There is a “{subject}” under {edit.section} already.")
        entry = self.root.find(edit.section)
        if self.starts_a_section(edit):
            return self._first_part(entry, edit.section, said)
        assert entry and isinstance(entry.value, Sequence)
        node, last = entry.value, entry.value.items[-1]
        if node.flow:
            return [Splice(last.end, last.end, f", {in_braces(said)}")]
        if isinstance(last, Mapping) and not last.flow:
            gap = " " * max(1, last.column - node.column - 1)
            lines = in_lines(said)
            content = [f"-{gap}{lines[0]}", *(f" {gap}{line}" for line in lines[1:])]
            return [self.sheet.lines_behind(last.end, node.column, content)]
        return [self.sheet.lines_behind(last.end, node.column, [f"- {in_braces(said)}"])]

    def _remove(self, edit: Remove) -> list[Splice]:
        if edit.section in (*SINGLE, "defaults") or edit.section not in SECTIONS:
            raise Refused(edit, f"“{edit.section}” is not a list of parts.")
        place = self.place(edit.section, edit.subject)
        if place is None:
            raise Refused(edit, f"There is no “{edit.subject}” under {edit.section}.")
        entry = self.root.find(edit.section)
        assert entry and isinstance(entry.value, Sequence)
        if len(entry.value.items) == 1:
            return self.replace(entry, "[]")
        return self._cut_item(entry.value, place)

    # -- sections that begin ----------------------------------------------------------

    def _first_of_section(self, edit: Set | Append, path: str, value: Value) -> list[Splice]:
        if flaw := flaw_in(edit.section, edit.subject, "", path):
            raise Refused(edit, flaw)
        said = f"{{{grouped({path: value})}}}"
        whole = self.root.find(edit.section)
        if edit.section == "defaults":
            if whole and isinstance(whole.value, Mapping):
                inner = whole.value.find(edit.subject)
                if inner:
                    return self.replace(inner, said)
                return [self.insert(whole.value, edit.subject, said)]
            said = f"{{{edit.subject}: {said}}}"
        if whole:
            return self.replace(whole, said)
        return [self.insert(self.root, edit.section, said)]

    def _first_part(
        self, entry: Entry | None, section: str, said: dict[str, Value]
    ) -> list[Splice]:
        item = in_braces(said)
        if entry and isinstance(entry.value, Sequence):
            inside = entry.value.start + 1
            return [Splice(inside, inside, item)]
        if entry and self.root.flow:
            return self.replace(entry, f"[{item}]")
        if entry:
            clear = [] if entry.value.end == entry.value.start else self.replace(entry, "")
            behind = self.sheet.lines_behind(entry.key.end, self.root.column, [f"  - {item}"])
            return [*clear, behind]
        if self.root.flow:
            return [self.insert(self.root, section, f"[{item}]")]
        last = self.root.entries[-1].value.end
        lines = [f"{section}:", f"  - {item}"]
        return [self.sheet.lines_behind(last, self.root.column, lines)]

    # -- pieces -----------------------------------------------------------------------

    def insert(self, mapping: Mapping, key: str, value: str) -> Splice:
        """A new entry at the end of a group."""
        if mapping.flow:
            if not mapping.entries:
                return Splice(mapping.start + 1, mapping.start + 1, f"{key}: {value}")
            end = mapping.entries[-1].value.end
            return Splice(end, end, f", {key}: {value}")
        end = mapping.entries[-1].value.end
        return self.sheet.lines_behind(end, mapping.column, [f"{key}: {value}"])

    def replace(self, entry: Entry, value: str) -> list[Splice]:
        """Another value for an entry; the comment behind it stays."""
        node = entry.value
        if not isinstance(node, Scalar) and not node.flow:
            colon = self.sheet.text.index(":", entry.key.end) + 1
            block = self.sheet.without_lines(node.start, node.end)
            return [Splice(colon, colon, f" {value}"), block]
        start, end = node.start, node.end
        if start < end:
            end = start + len(self.sheet.text[start:end].rstrip(BREAKS + " "))
            return [Splice(start, end, value)]
        if ":" not in self.sheet.text[entry.key.end : start]:
            return [Splice(entry.key.end, entry.key.end, f": {value}")]
        before = "" if self.sheet.text[start - 1] in " \t" else " "
        return [Splice(start, end, before + value)]

    def _grow(self, node: Sequence, values: List[Any]) -> list[Splice]:
        if not values:
            return []
        said = [value_text(value) for value in values]
        if not node.flow:
            lines = [f"- {one}" for one in said]
            return [self.sheet.lines_behind(node.items[-1].end, node.column, lines)]
        if not node.items:
            return [Splice(node.start + 1, node.start + 1, ", ".join(said))]
        end = node.items[-1].end
        return [Splice(end, end, "".join(f", {one}" for one in said))]

    def _cut_entry(self, edit: Drop, mapping: Mapping, place: int) -> list[Splice]:
        entry = mapping.entries[place]
        if mapping.flow:
            spans = [(one.key.start, one.value.end) for one in mapping.entries]
            return self._cut_flow(spans, place, mapping.end)
        start = self.sheet.line_start(entry.key.start)
        if not self.sheet.text[start : entry.key.start].strip(" "):
            return [self.sheet.without_lines(entry.key.start, entry.value.end)]
        if place + 1 == len(mapping.entries):
            raise Refused(edit, "Nothing would be left of the part.")
        follower = mapping.entries[place + 1].key.start
        if "#" in self.sheet.text[entry.value.end : follower]:
            raise Refused(edit, "A comment stands between it and what follows.")
        return [Splice(entry.key.start, follower, "")]

    def _cut_item(self, node: Sequence, place: int) -> list[Splice]:
        if node.flow:
            return self._cut_flow([(item.start, item.end) for item in node.items], place, node.end)
        dash = self.sheet.skip(node.items[place - 1].end) if place else node.start
        return [self.sheet.without_lines(dash, node.items[place].end)]

    def _cut_flow(self, spans: list[tuple[int, int]], place: int, behind: int) -> list[Splice]:
        """One entry out of braces or brackets, with one comma and the comment
        that stands behind it on its line."""
        start, end = spans[place]
        comma = self.sheet.skip(end)
        if self.sheet.text[comma] == ",":
            stop = self.sheet.blank_to(comma + 1)
            if self.sheet.text[stop] == "#":
                stop = self.sheet.line_end(stop)
            return [Splice(start, stop, "")]
        if place == 0:
            return [Splice(start, end, "")]
        comma = self.sheet.skip(spans[place - 1][1])
        if not self.sheet.text[comma + 1 : start].strip(" "):
            return [Splice(comma, end, "")]
        return [Splice(comma, comma + 1, ""), Splice(start, end, "")]
