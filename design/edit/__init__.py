"""Edits of a design's text that leave everything else as its author wrote it.

`apply(text, edits)` takes the text and a list of values and returns the new text:

    apply(text, [
        Set("components", "orders", "visibility_s", 180),
        Set("edges", "orders->pack:poll", "retries.max", 3),
        Set("design", "", "ops.budget_alert", True),
        Append("components", "orders", "alarms", "age"),
        Drop("components", "orders", "purpose"),
        Add("components", "orders-dead", {"kind": "queue", "purpose": "dlq"}),
        Add("edges", "", {"from": "pack", "to": "orders-dead", "kind": "publish"}),
        Remove("edges", "tick->pack:subscribe"),
        Rename("components", "pack", "packer"),
    ])

A section is ``design``, ``components``, ``edges``, ``data``, ``boundaries``,
``decisions``, ``scenarios``, ``waivers``, ``defaults`` or ``layout``. A subject
is the id under which the design knows the part (of an edge
``source->target:kind``, with ``#name`` where it has one; of a waiver
``RULE@subject``); under ``defaults`` it is a kind, and for ``design`` and
``layout`` it is empty. Paths are dotted as in the table of kinds. A value is
what a model's `Attr` holds: text, number, boolean, a tuple of texts or of
grants, or None for ``unknown``.

What is promised:

- Edits are carried out in order, each on what those before it left. Reading the
  new text gives the old design with exactly these changes: that is checked
  before the text is returned, by parsing it again.
- Comments, order, quotes, indentation, line ends and the style of every part
  that is not edited stay byte for byte. A part written in braces grows inside
  its braces, a part written in lines gets another line. The comment at the end
  of a removed line goes with it; comments on lines of their own stay.
- An edit that does not apply raises `Refused`, which names it, and nothing is
  changed. So does a text that is not YAML as `design.document` reads it.

`diff` shows the difference, `sentence` says what an edit does, and `tidy` writes a
text anew in canonical order with its comments.

Whether the new text is a *valid design* is not judged here (a form may be on
its way there): ask `design.document.read`.

`fields` shows a part as a form, and `changes` turns what was typed into edits; `removal`,
`addition` and `connection` are what its buttons do.
"""

from __future__ import annotations

from ._acts import addition, connection, name, removal
from ._apply import apply
from ._diff import diff
from ._edits import Add, Append, Drop, Edit, Refused, Remove, Rename, Set, Value, sentence
from ._form import Field, Unreadable, changes, fields
from ._format import tidy

__all__ = [
    "Add",
    "Append",
    "Drop",
    "Edit",
    "Field",
    "Refused",
    "Remove",
    "Rename",
    "Set",
    "Unreadable",
    "Value",
    "addition",
    "apply",
    "changes",
    "connection",
    "diff",
    "fields",
    "name",
    "removal",
    "sentence",
    "tidy",
]
