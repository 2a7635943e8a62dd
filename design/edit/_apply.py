"""A list of edits to a new text, proved by reading it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ._edits import Add, Append, Drop, Edit, Refused, Remove, Rename, Set
from ._parts import STRUCTURE, TABLES
from ._plain import added, carry_out, plain_value
from ._plan import Plan
from ._rename import rename
from ._sheet import Splice
from ._tree import Mapping, Node, Scalar, Sequence, again, plain, read

_BOM: Final = "\ufeff"


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits carried out, one after another. Raises Refused,
    which names the first edit that does not apply."""
    mark = _BOM if text.startswith(_BOM) else ""
    text, edits = text.removeprefix(_BOM), list(edits)
    try:
        return mark + _all(text, edits, together=True)
    except Refused:
        return mark + _all(text, edits, together=False)  # to name the very edit


def _all(text: str, edits: list[Edit], together: bool) -> str:
    state = _State(text)
    for edit in edits:
        state.take(edit)
        if not together:
            state.settle()
    state.settle()
    return state.text


class _State:
    """A text, and the edits that wait to be written into it together: the text
    is parsed again only when an edit touches what one before it has changed."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = read(text)
        self.tree: Any = plain(root)
        self._begin(root)

    def _begin(self, root: Mapping) -> None:
        self.plan = Plan(self.text, root)
        self.splices: list[Splice] = []
        self.waiting: list[Edit] = []
        self.touched: set[tuple[object, ...]] = set()
        self.later: list[Edit] = []
        self.postponed: set[tuple[str, str]] = set()

    def take(self, edit: Edit) -> None:
        """Plans an edit. One that clashes waits until the text has been written
        once more, and so do others of its part; edits of other parts overtake it."""
        behind = (edit.section, edit.subject) in self.postponed
        if isinstance(edit, Set | Append | Drop) and (behind or self._clashes(edit)):
            self.later.append(edit)
            self.postponed.add((edit.section, edit.subject))
            return
        if behind:
            self.settle()
        self._plan(edit)

    def _plan(self, edit: Edit) -> None:
        alone = not isinstance(edit, Set | Append | Drop | Add | Remove)
        alone = alone or getattr(edit, "path", "") in STRUCTURE.get(edit.section, ())
        if alone or self.plan.starts_a_section(edit) or self._clashes(edit):
            self.settle()
            alone = alone or self.plan.starts_a_section(edit)
        if isinstance(edit, Rename):
            splices, names = rename(self.plan, edit)
            tree = _renamed(self.plan.root, names)
            self._note_was(tree, edit)
            self.tree = tree
        else:
            splices = self.plan.changes(edit)
            carry_out(self.tree, edit, self.plan.place(edit.section, edit.subject))
        self.splices += splices
        self.waiting.append(edit)
        self._touch(edit)
        if alone:
            self.settle()

    def _note_was(self, tree: Any, edit: Rename) -> None:
        if "was" not in TABLES.get(edit.section, {"was": None}):
            return
        parts = [tree["design"]] if edit.section == "design" else tree[edit.section]
        part = next(p for p in parts if isinstance(p, dict) and p.get("id", ("",))[0] == edit.new)
        old = self.plan.root.value("design") if edit.section == "design" else self.plan.part(edit)
        assert isinstance(old, Mapping)
        part["was"] = plain_value(old.text("id"))

    def _part(self, edit: Edit) -> tuple[object, ...]:
        number = self.plan.place(edit.section, edit.subject)
        return edit.section, edit.subject if number is None else number

    def _touch(self, edit: Edit) -> None:
        if isinstance(edit, Add):
            self.touched |= {(edit.section, "+"), (edit.section, "+", added(edit))}
            return
        part = self._part(edit)
        self.touched.add(part)
        if isinstance(edit, Set | Append):
            self.touched.add((*part, edit.path.partition(".")[0]))
        else:
            self.touched.add((*part, "*"))

    def _clashes(self, edit: Edit) -> bool:
        """Whether an edit touches what one that waits has changed: the same entry,
        anything in a part that loses an entry, or the end of a section that grows."""
        node = self.plan.root.value(edit.section)
        last = len(node.items) - 1 if isinstance(node, Sequence) else None
        if isinstance(edit, Add):
            known = {(edit.section, last), (edit.section, "+", added(edit))}
            return bool(known & self.touched)
        part = self._part(edit)
        if (edit.section, "+") in self.touched and (
            part[1] == last or self.plan.place(edit.section, edit.subject) is None
        ):
            return True
        if isinstance(edit, Set | Append):
            same = (*part, edit.path.partition(".")[0])
            return same in self.touched or (*part, "*") in self.touched
        return part in self.touched

    def settle(self) -> None:
        """Writes what waits into the text. Raises Refused where the new text does
        not say what the edits mean, which a text in an odd style can bring about."""
        if not self.waiting:
            return
        try:
            self.text = self.plan.sheet.apply(self.splices)
            root = again(self.text)
            said = plain(root)
            as_meant = said == _without_removed(self.tree)
        except ValueError as error:
            raise Refused(self.waiting[-1], f"The text around it is in the way: {error}") from None
        if not as_meant:
            reason = "The way in which the text is written does not allow it."
            raise Refused(self.waiting[-1], reason)
        self.tree = said
        later = self.later
        self._begin(root)
        for edit in later:
            self.take(edit)
        if later:
            self.settle()


def _without_removed(tree: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [part for part in node if part is not None] if isinstance(node, list) else node
        for name, node in tree.items()
    }


def _renamed(node: Node, names: dict[int, str]) -> Any:
    """What a tree says once these scalars have other texts."""
    if isinstance(node, Mapping):
        return {entry.key.text: _renamed(entry.value, names) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_renamed(item, names) for item in node.items]
    if isinstance(node, Scalar) and node.start in names:
        return names[node.start], False
    return plain(node)
