"""The JSON Schema that editors get: made from the table, true to the examples."""

from __future__ import annotations

import re

import pytest
import yaml

from design import document, kinds

from .examples import BAD, GOOD

SCHEMA = document.json_schema()
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip
KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties",
    "additionalProperties", "items", "enum", "const", "anyOf", "allOf", "if", "then", "pattern",
    "minimum", "maximum", "minItems", "maxItems",
}  # fmt: skip


def errors(value, schema, path="$"):
    """The few keywords that the schema uses, as draft 2020-12 means them."""
    assert set(schema) <= KEYWORDS, set(schema) - KEYWORDS
    if "$ref" in schema:
        yield from errors(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(fits(value, name) for name in names):
            yield f"{path}: {value!r} is no {names}"
            return
    if "anyOf" in schema and all(list(errors(value, one, path)) for one in schema["anyOf"]):
        yield f"{path}: {value!r} is none of the possibilities"
    for one in schema.get("allOf", ()):
        if "if" not in one or not list(errors(value, one["if"], path)):
            yield from errors(value, one.get("then", {}), path)
    yield from inside(value, schema, path)


def fits(value, name):
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def inside(value, schema, path):
    if isinstance(value, dict):
        yield from inside_group(value, schema, path)
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{path}: {len(value)} entries"
        for number, child in enumerate(value):
            yield from errors(child, schema.get("items", {}), f"{path}[{number}]")
    elif isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{path}: {value!r} does not match"
    elif not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: {value} is out of range"


def inside_group(value, schema, path):
    known = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{path}: {key} is missing"
    for key, child in value.items():
        if key in known:
            yield from errors(child, known[key], f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}: {key} is not allowed"


@pytest.mark.parametrize("source", [GOOD, BAD])
def test_the_examples_fit_also_in_canonical_form(source):
    for text in (source, document.dump(document.load(source))):
        assert list(errors(yaml.safe_load(text), SCHEMA)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("auth: jwt", "auth: jot"),
        ("memory_mb: 512", "memory_mb: lots"),
        ("memory_mb: 512", "memory: 512"),
        ("kind: api", "kind: apis"),
        ("probability", "probability"),
        ("sla_pct: 99.95", "sla_pct: 199"),
        ("max_receive: 5", "max_receive: 2.5"),
        ("kind: poll, ", ""),
        ("model: sdm/1", "model: sdm/2"),
        ("actions: [start]", "actions: [begin]"),
    ],
)
def test_what_the_reader_refuses_does_not_fit(old, new):
    text = GOOD.replace(old, new)
    fits = not list(errors(yaml.safe_load(text), SCHEMA))
    assert fits == (document.read(text)[0] is not None)
    assert fits == (old == new)


def test_every_attribute_can_be_unknown():
    for name, kind in kinds.COMPONENT_KINDS.items():
        whole = {path.partition(".")[0]: "unknown" for path in kind.attributes}
        assert not list(errors({"id": "a", "kind": name} | whole, SCHEMA["$defs"][name]))


def test_every_attribute_says_what_it_means():
    tables = [kind.attributes for kind in kinds.COMPONENT_KINDS.values()]
    tables += [kinds.EDGE, kinds.DESIGN, kinds.BOUNDARY, kinds.DATA, kinds.DECISION]
    for table in tables:
        for attribute in table.values():
            assert attribute.meaning.endswith((".", "?")), attribute.path
            assert attribute.expects
