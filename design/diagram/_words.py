"""The few words a picture shows of a component or an edge. Everything from users is plain text."""

from __future__ import annotations

import re
from typing import Final

from design.kinds import EDGE_KINDS
from design.model import Component, Edge

MOST: Final = 34
"""Longer words are cut with an ellipsis: a label is no place for an essay."""
_LINE: Final = 18


def clean(text: str) -> str:
    """Without control characters, surrogates and marks that turn the direction of writing."""
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    text = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
    return "".join(c if c.isprintable() else " " for c in text)


def cut(text: str, most: int = MOST) -> str:
    text = " ".join(clean(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def lines_of(title: str) -> tuple[str, ...]:
    """A title on one line, or on two broken at the space or hyphen nearest to its middle."""
    title = cut(title, 2 * _LINE)
    if len(title) <= _LINE:
        return (title or "·",)
    places = [m.end() for m in re.finditer(r"[\s\-_/]", title) if 2 < m.end() < len(title) - 1]
    if not places:
        return (title,)
    at = min(places, key=lambda place: abs(place - len(title) / 2))
    return title[:at].strip(), title[at:].strip()


def node_note(c: Component) -> str:
    """The second line of a component: its most telling figures."""
    parts = [part for part in _parts(c) if part]
    return cut(" · ".join(parts[:2]))


def _parts(c: Component) -> list[str]:
    def said(path: str, pattern: str = "{}") -> str:
        value = c.get(path)
        return pattern.format(_number(value)) if value not in (None, False, "none") else ""

    if c.kind in ("client", "external"):
        return [
            said("load.mean_rps", "{} rps") + said("load.peak_rps", ", peak {}"),
            said("rate_limit_rps", "{} rps limit"),
        ]
    if c.kind in ("function", "container", "vm"):
        return [
            said("memory_mb", "{} MB"),
            said("timeout_s", "{} s"),
            said("concurrency.reserved", "reserved {}"),
        ]
    if c.kind in ("api", "graphql", "websocket"):
        return [
            "no sign-in" if c.get("auth") == "none" else said("auth"),
            said("throttle.rps", "{} rps"),
        ]
    if c.kind == "queue":
        keeps = c.get("retention_s")
        days = _duration(keeps) if isinstance(keeps, int | float) else ""
        alarm = "no alarm" if c.is_dlq and c.get("alarms") == () else ""
        return [days, alarm] if c.is_dlq else [said("visibility_s", "visible after {} s"), ""]
    if c.kind == "workflow":
        return [said("mode"), said("compensation")]
    if c.kind == "proxy":
        return [said("max_connections", "{} connections")]
    if c.kind == "schedule":
        return [said("every_s", "every {} s"), said("cron")]
    if c.get("record") is True:
        return ["system of record"]
    return [said("ttl_s", "{} s"), said("tech")]


def edge_label(e: Edge) -> str:
    """What travels, and “≥1” where it may arrive more than once."""
    said = cut(_travels(e), 22)
    again = "≥1" if EDGE_KINDS[e.kind].delivery == "at_least_once" else ""
    return " · ".join(part for part in (said, again) if part)


def _travels(e: Edge) -> str:
    if title := e.get("title"):
        return str(title)
    match e.kind:
        case "poll":
            batch = e.get("batch_size")
            return f"poll {_number(batch)}" if batch else "poll"
        case "subscribe" | "invoke_async":
            return ""
        case "change":
            return "change feed"
        case "call":
            timeout = e.get("timeout_s")
            return f"{_number(timeout)} s" if timeout else "signed" if e.get("signed") else ""
    return e.kind.replace("_", " ")


def _duration(seconds: float) -> str:
    """Seconds in the largest unit that gives at least one."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return (
                f"{seconds / size:g} {unit}"
                if seconds % size == 0
                else f"{seconds / size:.1f} {unit}"
            )
    return f"{seconds:g} s"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
