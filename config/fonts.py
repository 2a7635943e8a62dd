"""Writes `static/fonts.css`: the five faces, cut to what English pages use, inside one stylesheet.

A page then needs one request instead of five and never shifts when a face arrives. What lies
outside `CORE` comes from the whole files in `static/fonts/`, which a browser asks for only when a
page has such a letter. Needs fontTools, which the site does not:

    pip install fonttools brotli && python config/fonts.py
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

STATIC = Path(__file__).resolve().parent.parent / "static"
CORE = (
    "U+20-7E,U+A0,U+B0,U+B5,U+B7,U+D7,U+F7,U+2013,U+2018-2019,U+201C-201D,U+2026,U+203A,U+2192,"
    "U+2212,U+2264-2265"
)
# File, family, weight, style, features. Kerning shows in prose, and costs a third of a small face.
FACES = (
    ("warmstart-serif", "Warmstart Serif", "400 600", "normal", ["kern", "tnum"]),
    ("warmstart-serif-italic", "Warmstart Serif", "400", "italic", []),
    ("warmstart-sans-400", "Warmstart Sans", "400", "normal", []),
    ("warmstart-sans-600", "Warmstart Sans", "600", "normal", []),
    ("warmstart-mono-400", "Warmstart Mono", "400", "normal", []),
)


def points(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return found


def beyond_core(name: str) -> str:
    """The other letters that the file has, as a unicode-range."""
    with TTFont(STATIC / "fonts" / f"{name}.woff2") as font:
        others = sorted(set(font.getBestCmap()) - set(points(CORE)))
    ranges: list[list[int]] = []
    for point in others:
        if ranges and ranges[-1][-1] == point - 1:
            ranges[-1][1:] = [point]
        else:
            ranges.append([point])
    return ",".join("U+" + "-".join(f"{end:X}" for end in ends) for ends in ranges)


def embedded(name: str, weight: str, features: list[str]) -> str:
    """The face in base64: WOFF2, no hints, only the letters of `CORE`."""
    options = Options(flavor="woff2", hinting=False, layout_features=features, notdef_outline=True)
    source = io.BytesIO()
    with TTFont(STATIC / "fonts" / f"{name}.woff2") as whole:
        if " " in weight:
            low, _, high = weight.partition(" ")
            instantiateVariableFont(whole, {"wght": (int(low), int(high))}, inplace=True)
        whole.flavor = None
        whole.save(source)
    source.seek(0)
    font = load_font(source, options, lazy=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points(CORE))
    subsetter.subset(font)
    out = io.BytesIO()
    save_font(font, out, options)
    return base64.b64encode(out.getvalue()).decode()


def main() -> None:
    rules = ["/* Made by config/fonts.py; the licences stand in fonts/. */"]
    for name, family, weight, style, features in FACES:
        about = f'font-family:"{family}";font-weight:{weight};font-style:{style};font-display:swap'
        data = embedded(name, weight, features)
        core = f'src:url(data:font/woff2;base64,{data}) format("woff2");unicode-range:{CORE}'
        beyond = f'src:url(fonts/{name}.woff2) format("woff2");unicode-range:{beyond_core(name)}'
        rules += [f"@font-face{{{about};{core}}}", f"@font-face{{{about};{beyond}}}"]
    (STATIC / "fonts.css").write_text("\n".join(rules) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
