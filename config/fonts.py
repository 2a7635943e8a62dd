"""Writes the faces as pages get them, from the whole files in `static/fonts/`.

`static/fonts.css` holds the faces that nearly every page shows, cut to the letters of English
pages: one request instead of four, and no line moves when a face arrives. The italic, which only
running text needs, is a small file of its own that those pages ask for early. Letters beyond come
from the whole files, which a browser asks for only when a page has one. Needs fontTools, which
the site does not:

    pip install fonttools brotli && python config/fonts.py

What the small faces leave out: hints, features, names (the licences stand beside the files), all
but the commonest kerning, and steps of the outlines finer than a 14th of a pixel of running text.
"""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
_LETTERS = (
    "U+20-21,U+25-29,U+2B-3B,U+3D,U+3F,U+41-5A,U+61-7A,U+A0,U+B0,U+2013,U+2018-2019,U+201C-201D"
)
TEXT = _LETTERS + ",U+22-24,U+2A,U+3C,U+3E,U+5F,U+B7,U+D7,U+F7,U+2026,U+2212"
LABELS = TEXT + ",U+40,U+5B,U+5D,U+7C,U+203A,U+2192,U+2264-2265"
CODE = "U+20-7E,U+A0,U+B0,U+B7,U+D7,U+2026,U+2192,U+2212"
KERNED_PAIRS = 200


@dataclass(frozen=True)
class Face:
    """One face: its whole file, its weights, and how finely (units per em) it is kept."""

    file: str
    family: str
    weight: str
    style: str
    letters: str
    units: int


SERIF = Face("warmstart-serif", "Warmstart Serif", "400 600", "normal", TEXT, 320)
ITALIC = Face("warmstart-serif-italic", "Warmstart Serif", "400", "italic", _LETTERS, 256)
EMBEDDED = (
    SERIF,
    Face("warmstart-sans-400", "Warmstart Sans", "400", "normal", LABELS, 256),
    Face("warmstart-sans-600", "Warmstart Sans", "600", "normal", LABELS, 256),
    Face("warmstart-mono-400", "Warmstart Mono", "400", "normal", CODE, 256),
)


def points(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return sorted(found)


def beyond(face: Face) -> str:
    """The letters that only the whole file has, as a unicode-range. None of the small one's: a
    browser would fetch the whole file for it as well."""
    with TTFont(FONTS / f"{face.file}.woff2") as font:
        others = sorted(set(font.getBestCmap()) - set(points(face.letters)))
    ranges: list[list[int]] = []
    for point in others:
        if ranges and ranges[-1][-1] == point - 1:
            ranges[-1][1:] = [point]
        else:
            ranges.append([point])
    return ",".join("U+" + "-".join(f"{end:X}" for end in ends) for ends in ranges)


def kerning(font: TTFont, letters: list[int]) -> dict[tuple[int, int], int]:
    """The pairs that matter most in the guide's own text, with their kerning in units: how far
    each moves, times how often it occurs."""
    names, table = font.getBestCmap(), font["GPOS"].table
    features = [f.Feature for f in table.FeatureList.FeatureRecord if f.FeatureTag == "kern"]
    lookups = sorted({index for feature in features for index in feature.LookupListIndex})
    subtables = [
        getattr(sub, "ExtSubTable", sub)
        for index in lookups
        for sub in table.LookupList.Lookup[index].SubTable
    ]
    written = "\n".join(p.read_text("utf-8") for p in (ROOT / "guide/content").rglob("*.md"))
    prose = re.sub(r"```.*?```|`[^`]*`|\{[^}]*\}|\[\[[^]]*\]\]", " ", written, flags=re.S)
    often: Counter[tuple[str, str]] = Counter(pairwise(prose))
    known = {chr(point) for point in letters if point in names}
    found: dict[tuple[int, int], int] = {}
    for left, right in often:
        if left in known and right in known:
            value = _kerned(subtables, names[ord(left)], names[ord(right)])
            if value:
                found[ord(left), ord(right)] = value
    by_effect = sorted(
        found, key=lambda pair: -abs(found[pair]) * often[chr(pair[0]), chr(pair[1])]
    )
    return {pair: found[pair] for pair in by_effect[:KERNED_PAIRS]}


def _kerned(subtables: list[object], left: str, right: str) -> int:
    """What the first subtable that knows the pair says of it."""
    for sub in subtables:
        if sub.LookupType != 2 or left not in sub.Coverage.glyphs:  # type: ignore[attr-defined]
            continue
        if sub.Format == 1:  # type: ignore[attr-defined]
            pairs = sub.PairSet[sub.Coverage.glyphs.index(left)].PairValueRecord  # type: ignore[attr-defined]
            for record in pairs:
                if record.SecondGlyph == right:
                    return record.Value1.XAdvance if record.Value1 else 0
        else:
            first = sub.ClassDef1.classDefs.get(left, 0)  # type: ignore[attr-defined]
            second = sub.ClassDef2.classDefs.get(right, 0)  # type: ignore[attr-defined]
            value = sub.Class1Record[first].Class2Record[second].Value1  # type: ignore[attr-defined]
            return getattr(value, "XAdvance", 0) if value else 0
    return 0


def small(face: Face) -> bytes:
    """The face as WOFF2 with nothing but its letters."""
    options = Options(hinting=False, layout_features=[], notdef_outline=False, name_IDs=[])
    with TTFont(FONTS / f"{face.file}.woff2", lazy=False) as font:
        pairs = kerning(font, points(face.letters)) if face is SERIF else {}
        names, full = font.getBestCmap(), font["head"].unitsPerEm
        if " " in face.weight:
            low, _, high = face.weight.partition(" ")
            instantiateVariableFont(font, {"wght": (int(low), int(high))}, inplace=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=points(face.letters))
        subsetter.subset(font)
        for table in ("GPOS", "GSUB", "GDEF", "BASE", "STAT", "gasp"):
            if table in font:
                del font[table]
        scale_upem(font, face.units)
        if pairs:
            rules = "".join(
                f"pos {names[left]} {names[right]} {step};"
                for (left, right), value in sorted(pairs.items())
                if (step := round(value * face.units / full))
            )
            addOpenTypeFeaturesFromString(font, f"feature kern {{{rules}}} kern;")
        out = io.BytesIO()
        font.flavor = "woff2"
        font.save(out)
    return out.getvalue()


def rule(face: Face, source: str, letters: str) -> str:
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
        f"font-style:{face.style};font-display:swap;"
        f'src:url({source}) format("woff2");unicode-range:{letters}}}'
    )


def main() -> None:
    rules = ["/* Made by config/fonts.py; the licences stand in fonts/. */"]
    rules += [rule(face, f"fonts/{face.file}.woff2", beyond(face)) for face in (*EMBEDDED, ITALIC)]
    for face in EMBEDDED:
        data = base64.b64encode(small(face)).decode()
        rules.append(rule(face, f"data:font/woff2;base64,{data}", face.letters))
    (FONTS / "warmstart-serif-italic-small.woff2").write_bytes(small(ITALIC))
    rules.append(rule(ITALIC, "fonts/warmstart-serif-italic-small.woff2", ITALIC.letters))
    (ROOT / "static" / "fonts.css").write_text("\n".join(rules) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
