"""The text of a pack to its rules, with every mistake and its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ..document import (
    Collector,
    Invalid,
    Node,
    Problem,
    Scalar,
    Sequence,
    decode,
    did_you_mean,
    load,
    parse,
)
from ..document import Mapping as Group
from ..rules import AREAS, PILLARS, RULES, Finding, Rule, Severity, Verdict, run
from ._parse import Node as Expression
from ._parse import parse as parse_expression
from ._rule import Judge, Selector, Template, paths_of, selector, template
from ._scope import TRUTH, check
from ._tokens import BadExpression

MAX_RULES: Final = 200
MAX_TESTS: Final = 20
_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}\d{2}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
_VERSION: Final = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}")
_KEYS: Final = ("pack", "version", "title", "rules")
_TEXTS: Final = ("title", "why", "fix", "message")
_REQUIRED: Final = ("id", "severity", "pillar", "applies_to", "fails_if", "tests", *_TEXTS)
_OPTIONAL: Final = (
    "version", "confidence", "area", "when", "unknown_if_missing", "false_alarm", "refs",
    "waivable",
)  # fmt: skip
_CONFIDENCE: Final = ("high", "medium", "low")
_SAYS: Final = {"pass": Verdict.PASS, "fail": Verdict.FAIL, "unknown": Verdict.UNKNOWN}
_SEVERITIES: Final = tuple(severity.value for severity in Severity)
_HEAD: Final = "model: sdm/1\ndesign: {id: example}\n"


class BadPack(ValueError):
    """A pack that is refused. `problems` holds at least one, sorted by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Pack:
    """Rules that come together. Results name the pack and its version. Rules that
    a stored result brings back can be told about but not run: not `live`."""

    name: str
    version: str
    title: str = ""
    rules: tuple[Rule, ...] = ()
    live: bool = True

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def read(text: str | bytes) -> Pack:
    """The pack that a text says. Raises BadPack with every problem."""
    problems = Collector()
    try:
        root = parse(decode(text), problems)
        if not problems.found:
            pack = _Reader(problems).pack(root)
    except Invalid as invalid:
        raise BadPack(invalid.problems) from None
    if problems.found:
        raise BadPack(Invalid(problems.found).problems)
    return pack


@dataclass(slots=True)
class _Reader:
    problems: Collector
    where: str = ""
    name: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def bad(self, line: int, key: str, message: str, hint: str = "") -> None:
        path = ".".join(part for part in (self.where, key) if part)
        self.problems.add(line, path, message, hint)

    def pack(self, root: Node | None) -> Pack:
        if not isinstance(root, Group):
            line = root.line if root else 0
            self.bad(line, "", "This is not a pack.", "A pack begins with “pack: name”.")
            return Pack("", "")
        self._known(root, _KEYS)
        self.name = self._matching(root, "pack", _NAME, "a name in small letters, such as privacy")
        version = self._matching(root, "version", _VERSION, "a version such as 1.0.0")
        title = self._text(root, "title") or self.name
        node = root.items.get("rules")
        if not isinstance(node, Sequence) or not node.items:
            line = node.line if node else root.line
            self.bad(line, "rules", "A pack has a list of rules.", "Begin each with “- id: ”.")
            return Pack("", "")
        if len(node.items) > MAX_RULES:
            self.bad(node.line, "rules", f"There are more than {MAX_RULES} rules.")
            return Pack("", "")
        rules = [self._rule(item) for item in node.items]
        kept = sorted((rule for rule in rules if rule is not None), key=lambda rule: rule.id)
        return Pack(self.name, version, title, tuple(kept))

    # -- one rule -------------------------------------------------------------

    def _rule(self, node: Node) -> Rule | None:
        self.where = "rules"
        if not isinstance(node, Group):
            self.bad(node.line, "", "A rule is a group that begins with an id.")
            return None
        before = len(self.problems.found)
        id = self._id(node)
        self.where = f"rules[{id}]"
        self._known(node, (*_REQUIRED, *_OPTIONAL))
        for key in _REQUIRED:
            if key not in node.items and key != "id":
                self.bad(node.line, key, f"The rule does not say “{key}”.")
        judge = self._judge(node)
        texts = {key: self._text(node, key) for key in (*_TEXTS, "false_alarm", "area")}
        severity = self._word(node, "severity", _SEVERITIES, "medium")
        pillar = self._word(node, "pillar", PILLARS, "security")
        references, section = self._references(node)
        version = "1"
        if "version" in node.items:
            version = self._matching(node, "version", _VERSION, "a version such as 2")
        confidence = self._word(node, "confidence", _CONFIDENCE, "high")
        waivable = self._word(node, "waivable", ("true", "false"), "true") == "true"
        if judge is None or len(self.problems.found) > before:
            return None
        rule = Rule(
            id=id,
            title=texts["title"],
            severity=Severity(severity),
            pillar=pillar,
            area=texts["area"] or self.name,
            why=texts["why"],
            detects=self._detects(node),
            false_alarm=texts["false_alarm"],
            fix=texts["fix"],
            section=section,
            references=references,
            version=version,
            confidence=confidence,
            waivable=waivable,
            pack=self.name,
            judge=judge,
        )
        self._tests(node, rule)
        return rule

    def _id(self, node: Group) -> str:
        id = self._matching(node, "id", _ID, "an id such as PRV01")
        line = node.lines.get("id", node.line)
        if id in self.lines:
            message = f"{id} stands twice, on lines {self.lines[id]} and {line}."
            self.bad(line, "id", message, "Give one of them another id.")
        elif id and (id in RULES or id[:3] in AREAS):
            message = f"{id} is an id of the built-in rules, which have {id[:3]} for themselves."
            self.bad(line, "id", message, "Begin the ids with letters of your own.")
        self.lines.setdefault(id, line)
        return id

    def _judge(self, node: Group) -> Judge | None:
        words = self._words(node, "applies_to")
        line = node.lines.get("applies_to", node.line)
        try:
            chosen = selector(words) if words else None
        except ValueError as error:
            self.bad(line, "applies_to", str(error))
            return None
        if chosen is None:
            return None
        fails_if = self._condition(node, "fails_if", chosen)
        when = self._condition(node, "when", chosen) if "when" in node.items else None
        said = self._message(node, chosen)
        missing = self._missing(node, chosen)
        if fails_if is None or said is None:
            return None
        return Judge(chosen, when, fails_if, missing, said)

    def _condition(self, node: Group, key: str, chosen: Selector) -> Expression | None:
        said = node.items.get(key)
        if not isinstance(said, Scalar):
            if said is not None:
                self.bad(said.line, key, "Expected an expression.", "Put quotes around it.")
            return None
        try:
            tree = parse_expression(said.text)
            if check(tree, chosen.scope) != TRUTH:
                raise tree.token.bad("This gives a value, not true or false.", "Compare it.")
        except BadExpression as bad:
            self._expression(said, key, bad)
            return None
        return tree

    def _expression(self, node: Scalar, key: str, bad: BadExpression) -> None:
        place = f"Column {bad.column}" if bad.line == 1 else f"Line {bad.line}, column {bad.column}"
        self.bad(node.line, key, f"{place}: {bad.message}", bad.hint)

    def _message(self, node: Group, chosen: Selector) -> Template | None:
        said = node.items.get("message")
        if not isinstance(said, Scalar) or said.empty:
            return None
        try:
            return template(" ".join(said.text.split()), chosen.scope)
        except BadExpression as bad:
            self._expression(said, "message", bad)
            return None

    def _missing(self, node: Group, chosen: Selector) -> tuple[str, ...]:
        known = paths_of(chosen)
        found = self._words(node, "unknown_if_missing")
        for path in found:
            if path not in known:
                line = node.lines["unknown_if_missing"]
                message = f"“{path[:40]}” is not an attribute here."
                self.bad(line, "unknown_if_missing", message, did_you_mean(path, known))
        return tuple(found)

    def _detects(self, node: Group) -> str:
        said = {key: node.items.get(key) for key in ("when", "fails_if")}
        parts = [" ".join(n.text.split()) for n in said.values() if isinstance(n, Scalar)]
        looks = ", ".join(self._words(node, "applies_to"))
        return f"Looks at: {looks}. Fails when {' and '.join(f'({p})' for p in parts)}."

    def _references(self, node: Group) -> tuple[tuple[str, ...], str]:
        found = self._words(node, "refs")
        sections = [word.removeprefix("guide:") for word in found if word.startswith("guide:")]
        plain = tuple(word for word in found if not word.startswith("guide:"))
        return plain, sections[0] if sections else ""

    # -- its tests ------------------------------------------------------------

    def _tests(self, node: Group, rule: Rule) -> None:
        tests = node.items["tests"]
        if not isinstance(tests, Group):
            self.bad(tests.line, "tests", "Expected the groups pass, fail and unknown.")
            return
        here, self.where = self.where, f"{self.where}.tests"
        self._known(tests, tuple(_SAYS))
        for name in ("pass", "fail"):
            if name not in tests.items:
                message = f"The rule has no test that has to {name}."
                self.bad(tests.line, name, message, "A pack without both is refused.")
        for name, child in tests.items.items():
            if name in _SAYS:
                self._examples(name, child, rule)
        self.where = here

    def _examples(self, name: str, node: Node, rule: Rule) -> None:
        examples = node.items if isinstance(node, Sequence) else [node]
        if not examples or len(examples) > MAX_TESTS:
            self.bad(node.line, name, f"There are {len(examples)} tests; 1 to {MAX_TESTS} may be.")
            return
        for number, example in enumerate(examples, 1):
            key = f"{name}[{number}]"
            if not isinstance(example, Scalar):
                hint = "Write “- |” and the design indented below it."
                self.bad(example.line, key, "A test is the text of a design.", hint)
            else:
                self._example(key, _SAYS[name], example, rule)

    def _example(self, key: str, wanted: Verdict, node: Scalar, rule: Rule) -> None:
        text = node.text if node.text.lstrip().startswith("model:") else _HEAD + node.text
        try:
            design = load(text)
        except Invalid as invalid:
            first = invalid.problems[0]
            shift = 0 if text is node.text else _HEAD.count("\n")
            place = f"line {max(1, first.line - shift)} of the test"
            self.bad(node.line, key, f"This is not a design: {place}: {first.message}", first.hint)
            return
        found = run([rule], design, None)
        if not _as_said(wanted, found):
            got = ", ".join(f"{f.verdict.value} at {f.subject}" for f in found[:5])
            message = f"The test has to come out as {wanted.value} and comes out as {got}."
            broken = next((f for f in found if f.verdict is Verdict.ERROR), None)
            self.bad(node.line, key, broken.message if broken else message)

    # -- values ---------------------------------------------------------------

    def _known(self, node: Group, keys: tuple[str, ...]) -> None:
        for key in node.items:
            if key not in keys:
                hint = did_you_mean(key, keys) or f"There are {', '.join(keys)}."
                self.bad(node.lines[key], "", f"“{key[:40]}” means nothing here.", hint)

    def _text(self, node: Group, key: str) -> str:
        said = node.items.get(key)
        if said is None:
            return ""
        if not isinstance(said, Scalar) or said.empty or not said.text.strip():
            self.bad(said.line, key, "Expected a text.")
            return ""
        return " ".join(said.text.split())

    def _matching(self, node: Group, key: str, form: re.Pattern[str], what: str) -> str:
        said = node.items.get(key)
        if isinstance(said, Scalar) and form.fullmatch(said.text):
            return said.text
        line = node.lines.get(key, node.line)
        self.bad(line, key, f"Expected {what}.")
        return ""

    def _word(self, node: Group, key: str, words: Iterable[str], default: str) -> str:
        said = node.items.get(key)
        if said is None:
            return default
        known = tuple(words)
        if isinstance(said, Scalar) and said.text in known:
            return said.text
        hint = did_you_mean(said.text, known) if isinstance(said, Scalar) else ""
        self.bad(node.lines[key], key, f"Expected one of {', '.join(known)}.", hint)
        return default

    def _words(self, node: Group, key: str) -> list[str]:
        said = node.items.get(key)
        if said is None:
            return []
        items = said.items if isinstance(said, Sequence) else [said]
        found = [item.text for item in items if isinstance(item, Scalar) and not item.empty]
        if len(found) != len(items) or not found:
            if not any(problem.line == said.line for problem in self.problems.found):
                self.bad(said.line, key, "Expected a word, or a list of words.")
            return []
        return found


def _as_said(wanted: Verdict, found: Iterable[Finding]) -> bool:
    """A failing test fails somewhere; a passing one passes and nothing else."""
    verdicts = {finding.verdict for finding in found}
    if wanted is Verdict.FAIL:
        return Verdict.FAIL in verdicts and Verdict.ERROR not in verdicts
    return verdicts == {wanted}
