"""A drawing as a file of its own: with its colours, for places that have no stylesheet of ours."""

from __future__ import annotations

from typing import Final

_STYLE: Final = """<style>
svg{background:#F3F0E6;color:#1B2420;font-family:"Arial Narrow",system-ui,sans-serif}
text{fill:#1B2420}.nt,.ns,.elabel{text-anchor:middle}.nt{font-size:14px;font-weight:600}
.ns,.elabel{font-size:12px;fill:#46524C}.node path{fill:none;stroke:#1B2420;stroke-width:1.5}
.node .body{fill:#FAF8F2}.node .extra{stroke-width:1}.subject .body{fill:#DDEEE7}
.edge path{fill:none;stroke:#46524C;stroke-width:1.5}.edge-sync .head{fill:#46524C}
.edge-async path:first-child{stroke-dasharray:7 5}
.edge-change path:first-child{stroke-dasharray:.1 4.5;stroke-width:2;stroke-linecap:round}
.edge-fail path{stroke:#9A3B1C}.edge-fail path:first-child{stroke-dasharray:3 4}
.mask{fill:#F3F0E6;opacity:.9}.bound rect{fill:none;stroke:#837F72}
.bound text{font-size:11.5px;font-family:monospace;fill:#46524C}
.pin text,.mark text,.figkey text{font-size:12px;font-weight:600;text-anchor:middle}
.pin-critical path{fill:#9A3B1C}.pin-high path{fill:#7A5200}
.pin-critical text,.pin-high text,.figkey text{fill:#FAF8F2}
.pin-medium path{fill:#E2ECF3;stroke:#2A5579}.pin-low circle{fill:#F3F0E6;stroke:#46524C}
.pin-unknown circle{fill:#F3F0E6;stroke:#46524C;stroke-dasharray:2 3}
.figkey circle{fill:#14594A}.mark rect{fill:#FAF8F2;stroke:#46524C}
.added .body,.edge.added path{stroke:#2F6B2A;stroke-width:2.75}
.removed .body,.removed .extra,.edge.removed path:first-child{stroke:#9A3B1C;stroke-dasharray:5 4}
.changed .body,.edge.changed path{stroke:#2A5579}
</style>"""


def standalone(svg: str) -> str:
    """The SVG as an XML document, light on paper."""
    head, _, rest = svg.partition(">")
    opening = f'{head} xmlns="http://www.w3.org/2000/svg">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{_STYLE}{rest}\n'
