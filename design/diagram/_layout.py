"""Positions from Graphviz: run apart, with limits, and kept by the hash of the DOT."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

LAYOUT_VERSION: Final = 1
"""Raised when what is read from Graphviz changes: positions kept by an older one are dropped."""

SECONDS: Final = 20
MEGABYTES: Final = 1024

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class LayoutFailed(RuntimeError):
    """There are no positions; the message says why."""


@dataclass(frozen=True)
class Route:
    """The way of one line, in points: Bézier points, and where the head points, if anywhere."""

    points: tuple[Point, ...]
    tip: Point | None
    label: Point | None


@dataclass(frozen=True)
class Placed:
    """Centres of nodes by id, routes by the number of the line, boxes of boundaries by id."""

    width: float
    height: float
    nodes: dict[str, Point] = field(default_factory=dict)
    routes: dict[int, Route] = field(default_factory=dict)
    bounds: dict[str, Box] = field(default_factory=dict)


class Layouts:
    """Positions on disk. Any file may be lost or broken: it is then made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def kept(self, source: str, make: Callable[[str], str]) -> str:
        """The output of Graphviz for this DOT, from disk or made now."""
        digest = hashlib.sha256(f"{LAYOUT_VERSION}\n{source}".encode()).hexdigest()
        path = self.folder / digest[:2] / f"{digest}.json"
        with contextlib.suppress(OSError, ValueError):
            text = path.read_text(encoding="utf-8")
            json.loads(text)
            return text
        text = make(source)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        return text


def layout(source: str, layouts: Layouts | None = None) -> Placed:
    """Places what a DOT text names. Raises LayoutFailed."""
    text = layouts.kept(source, _run) if layouts else _run(source)
    try:
        return _read(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise LayoutFailed("Graphviz gave positions that cannot be read.") from error


def _program() -> str:
    """The wheel's own program beside this Python, else `dot` where it is installed."""
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        if found := shutil.which("graphviz-pure", path=folder):
            return found
    if found := shutil.which("graphviz-pure") or shutil.which("dot"):
        return found
    raise LayoutFailed("No Graphviz was found: install the package graphviz-pure, or dot.")


def _run(source: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours, no shell, the text on its input
            [_program(), "-Kdot", "-Tjson"],
            input=source,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
            preexec_fn=_limit if os.name == "posix" else None,
        )
    except subprocess.TimeoutExpired:
        raise LayoutFailed(
            f"Placing the parts took longer than {SECONDS} s, so there is no picture."
            " A part of the design may be drawn instead."
        ) from None
    except OSError as error:
        raise LayoutFailed(f"Graphviz could not be started: {error}.") from None
    if done.returncode:
        raise LayoutFailed("Graphviz could not place the parts of this design.")
    return _slim(done.stdout)


def _limit() -> None:
    """In the child: bounded memory, so that a hostile graph ends in an error."""
    import resource

    bytes_ = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))


_OBJECT: Final = ("name", "pos", "bb")
_EDGE: Final = ("id", "pos", "lp")


def _slim(text: str) -> str:
    """Only what is read below: the output also draws everything, at twenty times the size."""
    try:
        whole = json.loads(text)
        kept = {
            "bb": whole["bb"],
            "objects": [{k: o[k] for k in _OBJECT if k in o} for o in whole.get("objects", ())],
            "edges": [{k: e[k] for k in _EDGE if k in e} for e in whole.get("edges", ())],
        }
    except (KeyError, TypeError, ValueError) as error:
        raise LayoutFailed("Graphviz gave positions that cannot be read.") from error
    return json.dumps(kept, separators=(",", ":"))


def _read(raw: dict[str, Any]) -> Placed:
    _, _, right, top = _numbers(raw["bb"])

    def flip(x: float, y: float) -> Point:
        # Graphviz counts upwards, SVG downwards.
        return round(x, 1), round(top - y, 1)

    nodes, bounds = {}, {}
    for item in raw["objects"]:
        name = str(item["name"])
        if "pos" in item:
            nodes[name] = flip(*_numbers(item["pos"]))
        elif name.startswith("cluster_") and "bb" in item:
            a, b, c, d = _numbers(item["bb"])
            (x, y), (to_x, to_y) = flip(a, d), flip(c, b)
            bounds[name.removeprefix("cluster_")] = (x, y, to_x - x, to_y - y)
    routes = {int(e["id"][1:]): _route(e, flip) for e in raw["edges"] if "pos" in e}
    return Placed(round(right, 1), round(top, 1), nodes, routes, bounds)


def _route(edge: dict[str, str], flip: Callable[[float, float], Point]) -> Route:
    tip, points = None, []
    for word in edge["pos"].split():
        if word.startswith("e,"):
            tip = flip(*_numbers(word[2:]))
        elif not word.startswith("s,"):
            points.append(flip(*_numbers(word)))
    label = flip(*_numbers(edge["lp"])) if edge.get("lp") else None
    return Route(tuple(points), tip, label)


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]
