"""A list of edits to a new text, proved by reading it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ._edits import Add, Append, Drop, Edit, Refused, Rename, Set
from ._parts import TABLES
from ._plain import carry_out, plain_value
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
        self.touched: set[tuple[str, object]] = set()

    def take(self, edit: Edit) -> None:
        alone = not isinstance(edit, Set | Append | Drop | Add)
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
            carry_out(self.tree, edit)
        self.splices += splices
        self.waiting.append(edit)
        self.touched.update(self._keys(edit))
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

    def _keys(self, edit: Edit) -> list[tuple[str, object]]:
        if isinstance(edit, Add):
            return [(edit.section, "+")]
        number = self.plan.place(edit.section, edit.subject)
        return [(edit.section, edit.subject if number is None else number)]

    def _clashes(self, edit: Edit) -> bool:
        node = self.plan.root.value(edit.section)
        last = len(node.items) - 1 if isinstance(node, Sequence) else None
        if isinstance(edit, Add):
            return (edit.section, last) in self.touched or self._added(edit)
        place = self.plan.place(edit.section, edit.subject)
        grown = (edit.section, "+") in self.touched and place in (None, last)
        return grown or any(key in self.touched for key in self._keys(edit))

    def _added(self, edit: Add) -> bool:
        """Whether an edit that waits adds to the same section: then the second
        could be the first one's twin."""
        return (edit.section, "+") in self.touched

    def settle(self) -> None:
        """Writes what waits into the text. Raises Refused where the new text does
        not say what the edits mean, which a text in an odd style can bring about."""
        if not self.waiting:
            return
        try:
            self.text = self.plan.sheet.apply(self.splices)
            root = again(self.text)
            as_meant = plain(root) == self.tree
        except ValueError as error:
            raise Refused(self.waiting[-1], f"The text around it is in the way: {error}") from None
        if not as_meant:
            reason = "The way in which the text is written does not allow it."
            raise Refused(self.waiting[-1], reason)
        self._begin(root)


def _renamed(node: Node, names: dict[int, str]) -> Any:
    """What a tree says once these scalars have other texts."""
    if isinstance(node, Mapping):
        return {entry.key.text: _renamed(entry.value, names) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_renamed(item, names) for item in node.items]
    if isinstance(node, Scalar) and node.start in names:
        return names[node.start], False
    return plain(node)
