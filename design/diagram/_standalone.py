"""A drawing as a file of its own: with its colours, title and legend, for places that have no
stylesheet of ours."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from ._legend import Entry, foot
from ._measure import width
from ._shapes import n
from ._svg import EDGE
from ._words import cut

THEMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "light": {
            "paper": "#FAF8F2", "plate": "#F3F0E6", "ink": "#1B2420", "ink2": "#46524C",
            "ink3": "#5E6862", "rule2": "#837F72", "lichen": "#14594A", "oxide": "#9A3B1C",
            "ochre": "#7A5200", "slate": "#2A5579", "moss": "#3C6420", "plum": "#6A3D6B",
            "tintslate": "#E2ECF3", "tintmoss": "#E7EFDA", "tintlichen": "#DDEEE7",
            "tintochre": "#F6EBCF", "tintplum": "#F0E4F0",
        },
        "dark": {
            "paper": "#131917", "plate": "#1A2220", "ink": "#E3E6DE", "ink2": "#B3BDB6",
            "ink3": "#8E9A93", "rule2": "#6B7771", "lichen": "#7CCBB1", "oxide": "#EE9A78",
            "ochre": "#E0B35A", "slate": "#8FBBE0", "moss": "#A3CC7E", "plum": "#D2A3D3",
            "tintslate": "#18262F", "tintmoss": "#1E2918", "tintlichen": "#162A25",
            "tintochre": "#2E2714", "tintplum": "#2A1D2B",
        },
    }
)  # fmt: skip
"""The colours of the site's two themes; its stylesheet is where they are decided."""

_STYLE: Final = """
svg{color:[ink];font-family:"Warmstart Sans","Roboto Condensed","Arial Narrow",sans-serif}
.page{fill:[plate]}text{fill:[ink]}.nt,.ns,.elabel{text-anchor:middle}
.nt,.head-title{font-size:14px;font-weight:600}
.ns,.elabel,.kt{font-size:12px;fill:[ink2]}
.node path{fill:none;stroke:[ink];stroke-width:1.5}.node .body{fill:[paper]}
.node .extra{stroke-width:1}.subject .body{fill:[tintlichen]}
.strong .body{stroke-width:2.5}.quiet .body,.quiet .extra{stroke:[rule2];stroke-width:1}
.node.quiet text{fill:[ink3]}
.ghost .body{fill:none;stroke-dasharray:4 4;stroke:[ink3]}.ghost text{fill:[ink3]}
.edge path{fill:none;stroke:[ink2];stroke-width:1.5}
.edge-sync .head,.edge-deploy .head{fill:[ink2]}
.edge.strong path{stroke:[ink];stroke-width:2}.edge-sync.strong .head{fill:[ink]}
.edge.quiet path{stroke:[rule2];stroke-width:1}.edge.quiet .head{fill:[rule2]}
.edge-async path:first-child{stroke-dasharray:7 5}
.edge-change path:first-child{stroke-dasharray:.1 4.5;stroke-width:2;stroke-linecap:round}
.edge-fail path,.edge-fail.strong path{stroke:[oxide]}
.edge-fail path:first-child,.edge-fail.strong path:first-child{stroke-dasharray:3 4}
.edge-deploy path:first-child{stroke-dasharray:12 3 2 3}
.edge-stub path:first-child{stroke-dasharray:2 4}
.edge-async .head,.edge-change .head,.edge-fail .head,.edge-stub .head,.edge.quiet.edge-async .head,
.edge.quiet.edge-change .head,.edge.quiet.edge-fail .head,.edge.quiet.edge-stub .head{fill:none}
.edge.w1 path:first-child{stroke-width:1}.edge.w2 path:first-child{stroke-width:2}
.edge.w3 path:first-child{stroke-width:3.5}.edge.w4 path:first-child{stroke-width:5}
.edge.w5 path:first-child{stroke-width:7}
.mask{fill:[plate];opacity:.9}.bound rect{fill:none;stroke:[rule2]}
.bound.strong rect{stroke:[plum];stroke-width:2;stroke-dasharray:10 4}
.bound text{font-size:11.5px;font-family:"Warmstart Mono",monospace;fill:[ink2]}
.elabel.strong{fill:[ink]}.elabel.fail{fill:[oxide]}.elabel.quiet{fill:[ink2]}
.pin text,.mark text,.figkey text,.chip text{font-size:12px;font-weight:600;text-anchor:middle}
.pin .long{font-size:10px}.mark text{font-size:14px}
.pin-critical path{fill:[oxide]}.pin-high path{fill:[ochre]}
.pin-critical text,.pin-high text,.figkey text,.chip-hot text{fill:[paper]}
.pin-medium path{fill:[tintslate];stroke:[slate]}
.pin-low circle{fill:[plate];stroke:[ink2]}
.pin-unknown circle{fill:[plate];stroke:[ink2];stroke-dasharray:2 3}
.figkey circle{fill:[lichen]}.mark rect{fill:[paper];stroke:[ink2]}
.mark-added rect{stroke:[moss]}.mark-removed rect{stroke:[oxide]}.mark-changed rect{stroke:[slate]}
.chip path{fill:[paper];stroke:[ink2]}.chip rect{fill:[plate];stroke:none}
.chip .bars{stroke-width:2}.chip .dot{fill:[ink]}
.chip-gate path{fill:none;stroke:[plum];stroke-width:2.5}
.chip-entry path{fill:[tintochre];stroke:[ochre]}.chip-hot path{fill:[oxide];stroke:[oxide]}
.chip-loose path,.chip-over path{fill:[tintochre];stroke:[ochre];stroke-width:1.5}
.chip-data-unknown path{stroke-dasharray:2 3}
.chip-data-restricted path{fill:[tintplum];stroke:[plum]}
.added .body{stroke:[moss];stroke-width:2.75;fill:[tintmoss]}
.edge.added path{stroke:[moss];stroke-width:2.75}
.removed .body,.removed .extra,.edge.removed path:first-child{stroke:[oxide];stroke-dasharray:5 4}
.removed .nt{text-decoration:line-through}
.changed .body{stroke:[slate];fill:[tintslate]}.edge.changed path{stroke:[slate]}
"""
_HEAD: Final = 30.0
_LEAST: Final = 560.0
"""Points that a legend may have, however small the picture is."""


def standalone(svg: str, title: str, legend: tuple[Entry, ...], theme: str = "light") -> str:
    """The SVG as an XML document: the title above, the legend below.

    The picture goes in as it is, one svg within another. The theme `auto` is light, and dark where
    the page around the picture is.
    """
    opening, _, rest = svg.partition(">")
    size = opening.split('viewBox="')[1].split('"')[0]
    _, _, wide, high = (float(part) for part in size.split())
    title = cut(title, 120)
    full = max(wide, _LEAST, width(title, 14.0, bold=True) + 4 * EDGE)
    below = _HEAD + high + 10.0
    rows, tall = foot(legend, 2 * EDGE, below, full - 4 * EDGE)
    height = below + tall + EDGE
    # Ids and names belong to the outer element, which is what a reader meets first.
    names = opening[opening.index(" role=") :].replace('role="group"', 'role="img"')
    inner = f'<svg x="{n((full - wide) / 2)}" y="{n(_HEAD)}" width="{n(wide)}" height="{n(high)}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg viewBox="0 0 {n(full)} {n(height)}" width="{n(full)}" height="{n(height)}"{names}'
        f' xmlns="http://www.w3.org/2000/svg"><style>{_coloured(theme)}</style>'
        f'<rect class="page" width="{n(full)}" height="{n(height)}"/>'
        f'<text class="head-title" x="{n(2 * EDGE)}" y="20">{escape(title)}</text>'
        f'{inner} viewBox="{size}">{rest}{rows}</svg>\n'
    )


def _coloured(theme: str) -> str:
    if theme == "auto":
        dark = _coloured("dark")
        return f"{_coloured('light')}@media(prefers-color-scheme:dark){{{dark}}}"
    style = _STYLE
    for name, colour in THEMES[theme].items():
        style = style.replace(f"[{name}]", colour)
    return style
