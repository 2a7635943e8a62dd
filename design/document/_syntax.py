"""Text to a tree of nodes with lines: YAML as a stranger may write it.

The tree is built from the parser's events, one by one, and never by YAML's own
constructors: the C library overflows its stack on some 50,000 nested brackets
and takes the process with it, so depth is counted as events arrive. Scalars
stay text; the table of kinds says later which of them are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from sys import intern
from typing import Any, Final

import yaml

from ._limits import WEB, Limits
from ._problems import Collector, Invalid, Problem, quote

MAX_DEPTH: Final = 64
_TOO_DEEP: Final = f"The text is nested more than {MAX_DEPTH} levels deep."

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


@dataclass(slots=True)
class Scalar:
    text: str
    plain: bool
    line: int

    @property
    def unknown(self) -> bool:
        return self.plain and self.text == "unknown"

    @property
    def empty(self) -> bool:
        return self.plain and self.text in ("", "~", "null")


@dataclass(slots=True)
class Sequence:
    items: list[Node]
    line: int


@dataclass(slots=True)
class Mapping:
    items: dict[str, Node]
    lines: dict[str, int]
    line: int


Node = Scalar | Sequence | Mapping


def decode(data: bytes | str, limits: Limits = WEB) -> str:
    """The text of a file. Raises Invalid when it is too large or not UTF-8."""
    most = limits.bytes
    if isinstance(data, bytes):
        if len(data) > most:
            raise _too_large(len(data), most)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise Invalid([Problem(line, "", "This is not UTF-8 text.")]) from None
    if len(data) > most or len(data.encode("utf-8", "surrogatepass")) > most:
        raise _too_large(len(data.encode("utf-8", "surrogatepass")), most)
    return data.removeprefix("\ufeff")


def _too_large(size: int, most: int) -> Invalid:
    message = f"The text has {size:,} bytes; at most {most:,} are read."
    return Invalid([Problem(0, "", message)])


def parse(text: str, problems: Collector, limits: Limits = WEB) -> Node | None:
    """The tree of one YAML document, None when it is empty.

    Duplicate keys and the like are added to `problems` and reading goes on;
    what makes the rest unreadable raises Invalid.
    """
    bad = _CONTROL.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        message = f"A control character (U+{ord(bad.group()):04X}) stands here."
        problems.fatal(line, message, "Remove it.")
    builder = _Builder(problems, limits)
    loader = _LOADER(text)
    try:
        builder.build(loader.get_event)
    except Invalid:
        raise
    except yaml.MarkedYAMLError as error:
        raise Invalid([*problems.found, _syntax_problem(error)]) from None
    except (yaml.YAMLError, ValueError) as error:
        problems.fatal(0, f"This is not YAML: {error}"[:200])
    finally:
        loader.dispose()
    return builder.root


def safe_tree(text: str | bytes) -> Any:
    """Any YAML as dicts, lists, numbers, booleans, None and text, read with the
    same care as a design. Raises Invalid."""
    problems = Collector()
    node = parse(decode(text), problems)
    if problems.found:
        raise Invalid(problems.found)
    return _plain(node)


def _plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {key: _plain(child) for key, child in node.items.items()}
    if isinstance(node, Sequence):
        return [_plain(child) for child in node.items]
    if node is None or node.empty:
        return None
    if node.plain and node.text in ("true", "false"):
        return node.text == "true"
    if node.plain and _NUMBER.fullmatch(node.text):
        number = float(node.text)
        return int(number) if number.is_integer() else number
    return node.text


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = error.problem or error.context or "it cannot be read"
    line = (mark.line + 1) if mark else 0
    if "nesting depth" in said:  # the library's own limit, where it counts before we can
        return Problem(line, "", _TOO_DEEP)
    context, begun = error.context or "", 0
    if error.context_mark:
        begun = error.context_mark.line + 1
    if "quoted scalar" in context and "end of stream" in said:
        return Problem(begun, "", "The quote that opens here is never closed.")
    hint = ""
    if "flow" in context and begun and begun != line:
        hint = f"The bracket that opens on line {begun} may still be open."
    elif "expected key" in said and "block mapping" in context:
        hint = f"Its indentation has to be that of line {begun}, where this group begins."
    if "cannot start any token" in said or "tab" in said:
        hint = "YAML is indented with spaces, never with tabs."
    elif "mapping values are not allowed" in said:
        hint = "Put quotes around a text that contains a colon."
    return Problem(line, "", f"This is not YAML: {said}.", hint)


@dataclass(slots=True)
class _Builder:
    """Puts nodes together; `open` is the path from the root to where we are."""

    problems: Collector
    limits: Limits
    root: Node | None = None
    documents: int = 0
    open: list[Sequence | Mapping] = field(default_factory=list)
    keys: list[tuple[str, int] | None] = field(default_factory=list)

    def build(self, events: Callable[[], yaml.Event | None]) -> None:
        """Takes events until there are none. A large design has half a million,
        nearly all of them scalars, so that these come first."""
        most = self.limits.events
        seen = 0
        while (event := events()) is not None:
            seen += 1
            line = event.start_mark.line + 1 if event.start_mark else 0
            if seen > most:
                self.problems.fatal(line, f"The text has more than {most:,} parts.")
            if type(event) is not yaml.ScalarEvent:
                self._structure(event, line)
                continue
            if event.anchor or event.tag is not None:
                self._refuse_extras(event, line)
            value, style = event.value, event.style
            if style == '"':
                self._refuse_control(value, line)
            if self.open and self.keys[-1] is None and type(self.open[-1]) is Mapping:
                self.keys[-1] = intern(value), line
            else:
                self._put(Scalar(value, not style, line))

    def _structure(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            self._refuse_extras(event, line)
            self._begin(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            message = f"The alias {quote('*' + str(event.anchor))} is not allowed."
            self.problems.add(line, "", message, "Write the values out.")
            self._put(Scalar("unknown", True, line))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                message = "A second document begins here; a file holds one design."
                self.problems.fatal(line, message)

    def _refuse_extras(self, event: Any, line: int) -> None:
        if event.anchor:
            message = f"The anchor {quote('&' + str(event.anchor))} is not allowed."
            self.problems.add(line, "", message, "Write the values out.")
        if event.tag is not None:
            message = f"The tag {quote(str(event.tag))} is not allowed."
            self.problems.add(line, "", message, "Remove it.")

    def _refuse_control(self, value: str, line: int) -> None:
        """An escape such as ``\\0`` makes one that the text itself does not hold, and neither a
        database nor XML can store it."""
        if bad := _CONTROL.search(value):
            message = f"A control character (U+{ord(bad.group()):04X}) is written as an escape."
            self.problems.add(line, "", message, "Remove it.")

    def _begin(self, event: yaml.Event, line: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            self.problems.fatal(line, _TOO_DEEP)
        node: Sequence | Mapping
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping({}, {}, line)
        else:
            node = Sequence([], line)
        self._put(node)
        self.open.append(node)
        self.keys.append(None)

    def _put(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:  # scalars are taken as keys elsewhere
            self.keys[-1] = self._key(node)
            return
        name, line = key
        self.keys[-1] = None
        if name in parent.items:
            first = parent.lines[name]
            message = f"{quote(name)} stands twice, on lines {first} and {line}."
            self.problems.add(line, "", message, "Keep one of them.")
            return
        parent.items[name] = node
        parent.lines[name] = line

    def _key(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Scalar):  # an alias
            return node.text, node.line
        self.problems.add(node.line, "", "A key has to be a plain word.")
        return "", node.line
