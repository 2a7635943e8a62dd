"""Designs that the tests of the core share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from design.model import Design

DEMO = Path(__file__).parent.parent / "examples" / "demo"
GOOD = (DEMO / "photo-orders.yaml").read_text(encoding="utf-8")
BAD = (DEMO / "shop-monolith.yaml").read_text(encoding="utf-8")


def text(components: str = "  - {id: a, kind: function}", rest: str = "") -> str:
    """A small design with these components, and `rest` behind them."""
    return f"model: sdm/1\ndesign: {{id: small}}\ncomponents:\n{components}\n{rest}"


def without_lines(design: Design) -> Any:
    """What a design says, apart from where it says it."""
    parts = (
        (part.id, getattr(part, "kind", ""), _said(part.attrs))
        for group in (
            design.boundaries,
            design.data,
            design.components,
            design.edges,
            design.decisions,
            design.scenarios,
            design.waivers,
        )
        for part in group
    )
    defaults = {kind: _said(attrs) for kind, attrs in design.defaults.items()}
    return design.id, _said(design.attrs), _said(design.layout), defaults, tuple(parts)


def _said(attrs: Any) -> dict[str, Any]:
    return {path: (attr.value, attr.defaulted) for path, attr in attrs.items()}
