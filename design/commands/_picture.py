"""What the commands that draw share: the options of a view, and where a picture is written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ._frame import NOT_MET, USAGE, Stop

if TYPE_CHECKING:
    from ..diagram import Notes, View
    from ..model import Design

FORMATS: Final = ("svg", "png", "pdf", "dot", "txt")
_BINARY: Final = ("png", "pdf")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say what a picture shows."""
    parser.add_argument("-o", "--output", help="where to write; standard output if absent")
    parser.add_argument("--focus", metavar="ID", default="", help="the component to look at")
    parser.add_argument(
        "--hops", metavar="N", type=int, default=1, help="edges to follow around it (1)"
    )
    parser.add_argument(
        "--collapse",
        metavar="ID",
        nargs="*",
        action="extend",
        help="boundaries drawn as one box; without any, all are open",
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")


def view(options: argparse.Namespace, name: str) -> View:
    from ..diagram import View

    shut = None if options.collapse is None else tuple(options.collapse)
    return View(name, options.focus, options.hops, shut)


def form(options: argparse.Namespace, known: tuple[str, ...], otherwise: str) -> str:
    """The format that is asked for, or else the one of the file's ending."""
    if options.format:
        return str(options.format)
    ending = Path(options.output or "").suffix.lower().removeprefix(".")
    if not ending:
        return otherwise
    if ending not in known:
        raise Stop(
            f"{options.output}: a file ending in .{ending} cannot be written;"
            f" there is {', '.join(known)}. --format chooses one whatever the name.",
            USAGE,
        )
    return ending


def draw(
    options: argparse.Namespace, design: Design, name: str, form: str, notes: Notes | None = None
) -> None:
    """Draws and writes; ends the command with the reason where that is impossible."""
    from .. import diagram

    try:
        made = diagram.render(design, form, view(options, name), notes, theme=options.theme)
    except diagram.BadView as error:
        raise Stop(str(error), USAGE) from None
    except (diagram.TooLarge, diagram.LayoutFailed, diagram.Unavailable) as error:
        raise Stop(f"No picture: {error}", NOT_MET) from None
    write(options.output, made, form)


def write(output: str | None, made: bytes, form: str) -> None:
    """To the file, or to standard output."""
    if output:
        try:
            Path(output).write_bytes(made)
        except OSError as error:
            raise Stop(f"{output}: {error.strerror or error}", USAGE) from None
    elif form in _BINARY:
        if sys.stdout.isatty():
            raise Stop(f"A terminal cannot show {form.upper()}: name a file with -o.", USAGE)
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
    else:
        sys.stdout.write(made.decode("utf-8"))
