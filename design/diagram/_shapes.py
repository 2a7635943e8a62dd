"""Outlines of the kinds: the shape says the kind, whatever the colours.

Each function takes the centre, width and height in points and gives two path texts: the body,
which is filled, and extra lines on it ("" for none).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Outline = tuple[str, str]
Shape = Callable[[float, float, float, float], Outline]


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def path(*parts: str | float) -> str:
    return " ".join(p if isinstance(p, str) else n(p) for p in parts)


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + " L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z"


def _rect(x: float, y: float, w: float, h: float) -> str:
    a, b = w / 2, h / 2
    return _polygon((x - a, y - b), (x + a, y - b), (x + a, y + b), (x - a, y + b))


def _box(x: float, y: float, w: float, h: float) -> Outline:
    return _rect(x, y, w, h), ""


def _client(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    return _rect(x, y, w, h), path("M", x - a, y - b + 7, "H", x + a)


def _gateway(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c = w / 2, h / 2, 10.0
    body = _polygon(
        (x - a, y - b), (x + a - c, y - b), (x + a, y), (x + a - c, y + b), (x - a, y + b),
        (x - a + c, y),
    )  # fmt: skip
    return body, ""


def _double_gateway(x: float, y: float, w: float, h: float) -> Outline:
    body, _ = _gateway(x, y, w, h)
    a, b, c = w / 2, h / 2, 10.0
    return body, path("M", x + a - c - 5, y - b, "L", x + a - 5, y, "L", x + a - c - 5, y + b)


def _pill(x: float, y: float, w: float, h: float) -> Outline:
    r = min(h / 2, 23.0)
    a, b = w / 2 - r, h / 2
    body = path("M", x - a, y - b, "H", x + a, "A", r, b, "0 0 1", x + a, y + b, "H", x - a)
    return body + path(" A", r, b, "0 0 1", x - a, y - b) + "Z", ""


def _container(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    ribs = [path("M", x - a + d, y - b, "V", y + b) for d in (5.0, w - 5.0)]
    return _rect(x, y, w, h), " ".join(ribs) + path(" M", x - a, y - b + 5, "H", x + a)


def _machine(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    return _rect(x, y, w, h), path("M", x - a + 8, y + b - 5, "H", x - a + 22, "M", x + a - 12,
                                   y + b - 5, "H", x + a - 8)  # fmt: skip


def _workflow(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    sides = path("M", x - a + 7, y - b, "V", y + b, "M", x + a - 7, y - b, "V", y + b)
    return _rect(x, y, w, h), sides


def _queue(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    bars = (path("M", x + a - d, y - b, "V", y + b) for d in (7.0, 14.0, 21.0))
    return _rect(x, y, w, h), " ".join(bars)


def _dead(x: float, y: float, w: float, h: float) -> Outline:
    """A queue whose end is hatched: nothing moves on by itself."""
    a, b = w / 2, h / 2
    left = x + a - 22
    lines = [path("M", left, y - b, "V", y + b)]
    for d in (0.0, 7.3, 14.7):
        lines.append(path("M", left + d, y + b, "L", left + d + 7.3, y))
        lines.append(path("M", left + d, y, "L", left + d + 7.3, y - b))
    return _rect(x, y, w, h), " ".join(lines)


def _stream(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    notch = path("M", x + a - 20, y - b, "L", x + a - 13, y, "L", x + a - 20, y + b)
    more = path(" M", x + a - 12, y - b, "L", x + a - 5, y, "L", x + a - 12, y + b)
    return _rect(x, y, w, h), notch + more


def _bus(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2 - 6, h / 2
    rails = [path("M", x - a - 6, v, "H", x + a + 6) for v in (y - b, y - b + 4, y + b - 4, y + b)]
    return _rect(x, y, 2 * a, h), " ".join(rails)


def _topic(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c = w / 2, h / 2, 14.0
    body = _polygon((x - a, y - b), (x + a - c, y - b), (x + a, y), (x + a - c, y + b),
                    (x - a, y + b))  # fmt: skip
    return body, ""


def _clock(x: float, y: float, w: float, h: float) -> Outline:
    body, _ = _pill(x, y, w, h)
    left = x - w / 2 + 12
    return body, path("M", left, y - 7, "V", y, "H", left + 5)


def _can(x: float, y: float, w: float, h: float) -> str:
    a, b, c = w / 2, h / 2, 8.0
    top, low = y - b + c * 0.75, y + b - c * 0.75
    return (
        path("M", x - a, top, "C", x - a, top - c, x + a, top - c, x + a, top)
        + path(" V", low, "C", x + a, low + c, x - a, low + c, x - a, low)
        + "Z"
    )


def _lid(x: float, y: float, w: float, h: float, down: float = 0.0) -> str:
    a, b, c = w / 2, h / 2, 8.0
    top = y - b + c * 0.75 + down
    return path("M", x - a, top, "C", x - a, top + c, x + a, top + c, x + a, top)


def _kv(x: float, y: float, w: float, h: float) -> Outline:
    return _can(x, y, w, h), _lid(x, y, w, h)


def _sql(x: float, y: float, w: float, h: float) -> Outline:
    return _can(x, y, w, h), f"{_lid(x, y, w, h)} {_lid(x, y, w, h, 4.0)}"


def _warehouse(x: float, y: float, w: float, h: float) -> Outline:
    body, extra = _sql(x, y, w, h)
    return body, f"{extra} {_lid(x, y, w, h, 8.0)}"


def _bucket(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c, s = w / 2, h / 2, 7.0, 8.0
    top, low = y - b + c * 0.7, y + b - 5
    body = (
        path("M", x - a, top, "C", x - a, top - c, x + a, top - c, x + a, top)
        + path(" L", x + a - s, low, "C", x + a - s, low + 6, x - a + s, low + 6, x - a + s, low)
        + "Z"
    )
    return body, path("M", x - a, top, "C", x - a, top + c, x + a, top + c, x + a, top)


def _cache(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    bolt = path("M", x + a - 10, y - 8, "L", x + a - 15, y + 1, "H", x + a - 11, "L", x + a - 14,
                y + 9)  # fmt: skip
    return _can(x, y, w, h), f"{_lid(x, y, w, h)} {bolt}" if b > 12 else ""


def _search(x: float, y: float, w: float, h: float) -> Outline:
    a = w / 2
    glass = path("M", x + a - 8, y + 8, "L", x + a - 12, y + 4, "A 4 4 0 1 1", x + a - 12.1, y + 4)
    return _can(x, y, w, h), f"{_lid(x, y, w, h)} {glass}"


def _proxy(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    return _polygon((x - a, y - b), (x + a, y - b + 8), (x + a, y + b - 8), (x - a, y + b)), ""


def _third_party(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c = w / 2, h / 2, 9.0
    return _polygon((x - a + c, y - b), (x + a, y - b), (x + a - c, y + b), (x - a, y + b)), ""


def _cut(x: float, y: float, w: float, h: float) -> str:
    """A rectangle with cut corners."""
    a, b, c = w / 2, h / 2, 7.0
    return _polygon(
        (x - a + c, y - b), (x + a - c, y - b), (x + a, y - b + c), (x + a, y + b - c),
        (x + a - c, y + b), (x - a + c, y + b), (x - a, y + b - c), (x - a, y - b + c),
    )  # fmt: skip


def _secret(x: float, y: float, w: float, h: float) -> Outline:
    left = x - w / 2 + 7
    return _cut(x, y, w, h), path("M", left, y - 3, "V", y + 3, "H", left + 5, "V", y - 3, "Z")


def _config(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    return _cut(x, y, w, h), path("M", x - a + 7, y - b + 5, "H", x + a - 7)


def _identity(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    body = (
        path("M", x - a, y - b, "H", x + a, "V", y + b - 10)
        + path(" Q", x, y + b + 8, x - a, y + b - 10)
        + "Z"
    )
    return body, ""


def _log(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c = w / 2, h / 2, 9.0
    body = _polygon((x - a, y - b), (x + a - c, y - b), (x + a, y - b + c), (x + a, y + b),
                    (x - a, y + b))  # fmt: skip
    return body, path("M", x + a - c, y - b, "V", y - b + c, "H", x + a)


def _cdn(x: float, y: float, w: float, h: float) -> Outline:
    a, b, c = w / 2, h / 2, 12.0
    body = _polygon((x - a + c, y - b), (x + a - c, y - b), (x + a, y), (x + a - c, y + b),
                    (x - a + c, y + b), (x - a, y))  # fmt: skip
    return body, ""


def _pipeline(x: float, y: float, w: float, h: float) -> Outline:
    a, b = w / 2, h / 2
    steps = (path("M", x - a + d, y - b, "L", x - a + d + 5, y, "L", x - a + d, y + b)
             for d in (5.0, 11.0))  # fmt: skip
    return _rect(x, y, w, h), " ".join(steps)


def _shut(x: float, y: float, w: float, h: float) -> Outline:
    """A boundary drawn as one box: a frame within a frame, and a second one behind."""
    a, b = w / 2, h / 2
    behind = path("M", x - a + 5, y - b, "V", y - b - 4, "H", x + a + 4, "V", y + b - 5, "H", x + a)
    inner = path(" M", x - a + 4, y - b + 4, "H", x + a - 4, "V", y + b - 4, "H", x - a + 4)
    return _rect(x, y, w, h), f"{behind}{inner}Z"


SHAPES: Final[dict[str, Shape]] = {
    "client": _client,
    "external": _third_party,
    "cdn": _cdn,
    "api": _gateway,
    "graphql": _double_gateway,
    "websocket": _double_gateway,
    "function": _pill,
    "container": _container,
    "vm": _machine,
    "workflow": _workflow,
    "queue": _queue,
    "dlq": _dead,
    "topic": _topic,
    "bus": _bus,
    "stream": _stream,
    "schedule": _clock,
    "kv": _kv,
    "sql": _sql,
    "cache": _cache,
    "object_store": _bucket,
    "search": _search,
    "warehouse": _warehouse,
    "proxy": _proxy,
    "secret_store": _secret,
    "config_store": _config,
    "identity": _identity,
    "log_sink": _log,
    "pipeline": _pipeline,
    "boundary": _shut,
}


def outline(shape: str, x: float, y: float, w: float, h: float) -> Outline:
    return SHAPES.get(shape, _box)(x, y, w, h)
