"""Positions from Graphviz: run apart, with limits, and kept by the hash of the DOT.

Where Graphviz is too slow for a crowded graph, the simpler positions of `_layered` are taken
and kept in the same way, so that nobody waits for the same limit twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
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

from ._layered import columns, layered
from ._scene import Scene

try:
    # Here and not in the child: an import between fork and exec may wait for a lock for ever.
    import resource
except ImportError:  # pragma: no cover - Windows has no such limits
    resource = None  # type: ignore[assignment]

LAYOUT_VERSION: Final = 5
"""Raised when what is read from Graphviz changes: positions kept by an older one are dropped."""

SECONDS: Final = 10
"""A page waits for a picture, so Graphviz gets no longer."""
MEGABYTES: Final = 1024
STRIP: Final = 15_000.0
"""Points from which the shape of a picture is looked at."""
CROWDED: Final = 1_500_000
"""Work from which Graphviz is not asked, see `_crowded`."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class LayoutFailed(RuntimeError):
    """There are no positions; the message says why."""


class _GaveUp(LayoutFailed):
    """Graphviz ran out of time or memory, or lost its way; a simpler way of placing may do."""


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

    def kept(self, source: str, make: Callable[[], str], sound: Callable[[str], bool]) -> str:
        """The positions for this DOT, from disk where they are sound, or made now."""
        name = hashlib.sha256(f"{LAYOUT_VERSION}\n{_engine()}\n{source}".encode()).hexdigest()
        path = self.folder / name[:2] / f"{name}.json"
        with contextlib.suppress(OSError, UnicodeDecodeError):
            text = path.read_text(encoding="utf-8")
            if sound(text):
                return text
        text = make()
        with contextlib.suppress(OSError):
            self._write(path, text)
        return text

    def _write(self, path: Path, text: str) -> None:
        """Beside its place and then over it, so that no reader sees half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def layout(source: str, made: Scene, layouts: Layouts | None = None) -> Placed:
    """Places the parts of a scene, of which `source` is the DOT. Raises LayoutFailed."""
    names = {node.id for node in made.nodes}

    def sound(text: str) -> bool:
        with contextlib.suppress(LayoutFailed):
            return _placed(text).nodes.keys() == names
        return False

    def make() -> str:
        if _crowded(made):
            return layered(made)
        try:
            text = _run(source)
        except _GaveUp:
            return layered(made)
        return layered(made) if _is_strip(_placed(text)) else text

    return _placed(layouts.kept(source, make, sound) if layouts else make())


def _crowded(made: Scene) -> bool:
    """Whether Graphviz would only spend its seconds.

    Its time goes into crossings: it grows with the lines beyond a tree (`more`), and with the
    places where lines pass a column (`passed`). Measured with random lines: 60 nodes with 180
    lines are 360,000 and take 1 s, 80 with 240 are 970,000 and 3 s, 100 with 300 are 2,100,000
    and 5 s, 80 with 400 are 5,000,000 and more than 12 s. Two thousand nodes in a tree are 0.
    """
    more = max(0, len(made.lines) - len(made.nodes))
    if not more:
        return False
    place = columns(made.nodes, made.lines)
    ends = ((place.get(line.source), place.get(line.target)) for line in made.lines)
    passed = sum(max(0, 2 * abs(a - b) - 1) for a, b in ends if a is not None and b is not None)
    return more * (len(made.nodes) + passed) > CROWDED


def _is_strip(placed: Placed) -> bool:
    """Whether a picture is too long to be one: a chain of 2,000 would be 60 m by 1 cm. Ours are
    folded."""
    long, short = sorted((placed.width, placed.height), reverse=True)
    return long > STRIP and long > 20 * short


def _placed(text: str) -> Placed:
    try:
        return _read(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise LayoutFailed("Graphviz gave positions that cannot be read.") from error


def _engine() -> str:
    """The version of Graphviz, so that another one places everything anew."""
    try:
        return importlib.metadata.version("graphviz-pure")
    except importlib.metadata.PackageNotFoundError:
        return "dot"


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
            preexec_fn=_limit if resource else None,
        )
    except subprocess.TimeoutExpired:
        raise _GaveUp(f"Placing the parts took longer than {SECONDS} s.") from None
    except OSError as error:
        raise LayoutFailed(f"Graphviz could not be started: {error}.") from None
    if done.returncode:
        # Out of memory, or "lost edge": it loses edges between clusters that lie in a cycle, in
        # graphs of 50 nodes already.
        raise _GaveUp("Graphviz could not place the parts of this design.")
    return _slim(done.stdout)


def _limit() -> None:
    """In the child: bounded memory, so that a hostile graph ends in an error."""
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
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
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
