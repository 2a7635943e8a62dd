"""Template tags that every app shares: icons, severity marks, the theme script."""

from __future__ import annotations

import base64
import hashlib

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from guide import linked

register = template.Library()

# Runs before the first paint, behind the stylesheets: a chosen theme never flashes, and nothing is
# shown before the faces that came with them are unpacked, so that no line moves. It is the only
# inline script; the Content-Security-Policy admits it by this very hash.
THEME_SCRIPT = (
    "let d=document,h=d.documentElement,s=()=>h.classList.remove('unset');"
    "try{let t=new URLSearchParams(location.search).get('theme')||localStorage.getItem('theme');"
    "if(t=='light'||t=='dark')h.dataset.theme=t}catch{}"
    "h.classList.add('unset');setTimeout(s,400);"
    "Promise.all(['1em a','600 1em a','1em b','600 1em b','1em c'].concat(d.querySelector('[as=font]')?"
    "'italic 1em a':[]).map(f=>d.fonts.load("
    "f.replace(/[abc]$/,k=>'Warmstart '+{a:'Serif',b:'Sans',c:'Mono'}[k])))).then(s,s)"
)
THEME_SCRIPT_HASH = (
    "sha256-" + base64.b64encode(hashlib.sha256(THEME_SCRIPT.encode()).digest()).decode()
)

# In the page itself: a browser asks for an icon on every first visit.
_ICON_LINK = '<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{}">'.format(
    base64.b64encode((settings.BASE_DIR / "static" / "icon.svg").read_bytes()).decode()
)

# Line drawings on a 16-unit grid, stroke 1.5.
ICONS = {
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>',
    "sun": '<circle cx="8" cy="8" r="3"/><path d="M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"/>',
    "half": '<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11A5.5 5.5 0 0 0 8 2.5Z" fill="currentColor"/>',
    "moon": '<path d="M13 9.6A5.5 5.5 0 1 1 6.4 3 4.6 4.6 0 0 0 13 9.6Z"/>',
    "check": '<path d="M3 8.5l3.2 3.2L13 4.5"/>',
    "cross": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "minus": '<path d="M3 8h10"/>',
    "delta": '<path d="M8 3l5.5 10h-11Z"/>',
    "right": '<path d="M6 3.5L10.5 8 6 12.5"/>',
    "left": '<path d="M10 3.5L5.5 8 10 12.5"/>',
    "down": '<path d="M3.5 6L8 10.5 12.5 6"/>',
    "link": '<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.9-.9"/>',
    "copy": '<path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7"/>',
    "note": '<circle cx="8" cy="8" r="6"/><path d="M8 7.2V11M8 5v.1"/>',
    "tip": '<path d="M6 13.5h4M6.2 11.2C4.9 10.4 4 9.1 4 7.5a4 4 0 0 1 8 0c0 1.6-.9 2.9-2.2 3.7Z"/>',
    "caution": '<path d="M8 2.2L14.2 8 8 13.8 1.8 8Z"/><path d="M8 5.4V8.6M8 10.6v.1"/>',
    "hazard": '<path d="M8 2.2L14.5 13.5h-13Z"/><path d="M8 6.6v3M8 11.5v.1"/>',
    "flag": '<path d="M4 14V2.5h8l-2 3 2 3H4"/>',
    "menu": '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
    "user": '<circle cx="8" cy="5.5" r="2.8"/><path d="M2.8 13.8c.6-2.9 2.7-4.3 5.2-4.3s4.6 1.4 5.2 4.3"/>',
    "download": '<path d="M8 2.5v8M4.8 7.6L8 10.8l3.2-3.2M3 13.5h10"/>',
    "upload": '<path d="M8 10.8v-8M4.8 5.8L8 2.6l3.2 3.2M3 13.5h10"/>',
}

# The same outlines as the pins of a drawing: octagon, diamond, square, circle.
_SEVERITY = {
    "critical": (
        "Critical",
        '<path d="M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5Z" fill="currentColor"/>',
    ),
    "high": ("High", '<path d="M8 1.2L14.8 8 8 14.8 1.2 8Z" fill="currentColor"/>'),
    "medium": ("Medium", '<path d="M2.5 2.5h11v11h-11Z"/>'),
    "low": ("Low", '<circle cx="8" cy="8" r="5.5"/>'),
    "unknown": ("Unknown", '<circle cx="8" cy="8" r="5.5" stroke-dasharray="1.5 2.4"/>'),
    "pass": ("Pass", ICONS["check"]),
    "fail": ("Fail", ICONS["cross"]),
    "error": ("Error", ICONS["hazard"]),
    "not_applicable": ("Not applicable", ICONS["minus"]),
}


def _svg(body: str, size: int) -> SafeString:
    return mark_safe(  # only the constants above reach this
        f'<svg class="icon" viewBox="0 0 16 16" width="{size}" height="{size}" fill="none" '
        'stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true">{body}</svg>'
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A decorative icon. Raises KeyError for an unknown name."""
    return _svg(ICONS[name], size)


@register.simple_tag
def severity(word: str, label: str = "") -> SafeString:
    """Severity or verdict as word, shape and colour together."""
    shown, shape = _SEVERITY[str(word)]
    css = {"fail": "critical", "error": "critical", "not_applicable": "low"}.get(word, word)
    return format_html('<span class="sev sev-{}">{}{}</span>', css, _svg(shape, 12), label or shown)


@register.simple_tag
def severity_shape(word: str, size: int = 12) -> SafeString:
    """The shape alone; the word must stand beside it."""
    return _svg(_SEVERITY[str(word)][1], size)


_PINS = {
    "critical": '<path d="M-4.6 -11H4.6L11 -4.6V4.6L4.6 11H-4.6L-11 4.6V-4.6Z"/>',
    "high": '<path d="M0 -13L13 0L0 13L-13 0Z"/>',
    "medium": '<path d="M-9 -9H9V9H-9Z"/>',
}


@register.simple_tag
def pin_mark(word: str, number: int) -> SafeString:
    """The inside of a small drawing: a pin with its number, as it sits on the picture."""
    shape = _PINS.get(word, '<circle r="9.5"/>')
    return format_html(
        '<g class="pin pin-{}">{}<text y="4.2">{}</text></g>', word, mark_safe(shape), int(number)
    )


@register.simple_tag
def range_marks(value: int, label: str, of: int = 5) -> SafeString:
    """Ticks on a line, readable as "label: 2 of 5"."""
    ticks = mark_safe("".join('<i class="on"></i>' if n < value else "<i></i>" for n in range(of)))
    return format_html(
        '<span class="range" role="img" aria-label="{}: {} of {}">{}</span>',
        label,
        value,
        of,
        ticks,
    )


@register.simple_tag
def bar(value: float, unsure: float = 0) -> SafeString:
    """A pillar's bar, 0 to 100; `unsure` is the hatched part that is still unknown. Decorative:
    the number stands beside it."""
    value = min(max(float(value), 0), 100)
    ticks = range(round(value) + 2, round(min(value + float(unsure), 100)), 2)
    hatch = "".join(f"M{x} 7L{x + 1} 2" for x in ticks)
    return format_html(
        '<svg class="barline" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="axis" d="M0 7.500H100"/><path class="hatch" d="{}"/>'
        '<rect class="fill" x="0" y="0" width="{}" height="8"/></svg>',
        hatch,
        round(value, 1),
    )


@register.simple_tag
def ring(score: float | None, best: float = 0, label: str = "") -> SafeString:
    """The score as a ring of 96 px with the range of what is unknown as a lighter arc."""
    circle = 276.46  # 2 pi 44
    shown = 0.0 if score is None else float(score)
    text = label or (
        f"provisional, up to {round(float(best))} of 100"
        if score is None
        else f"{round(shown)} of 100, up to {round(float(best))} if everything unknown passes"
    )
    arc = '<circle class="{}" cx="50" cy="50" r="44" stroke-dasharray="{} 276.5" transform="rotate(-90 50 50)"/>'
    return format_html(
        '<svg class="ring" viewBox="0 0 100 100" width="96" height="96" role="img" aria-label="{}">'
        '<circle class="track" cx="50" cy="50" r="44"/>'
        + arc
        + arc
        + '<text x="50" y="60">{}</text></svg>',
        text,
        "unsure",
        round(circle * max(float(best), shown) / 100, 1),
        "fill",
        round(circle * shown / 100, 1),
        "–" if score is None else round(shown),
    )


@register.simple_tag
def icon_link() -> SafeString:
    return mark_safe(_ICON_LINK)


@register.simple_tag
def theme_script() -> SafeString:
    return mark_safe(f"<script>{THEME_SCRIPT}</script>")


@register.simple_tag(takes_context=True)
def guide_head(context: Context) -> SafeString:
    """On a page of the guide, what it says about itself to programs; else nothing."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    error = "status" in context
    silent = match is None or match.app_name != "guide" or match.url_name in ("search", "offline")
    if error or silent:
        return SafeString()
    return linked.head(match.url_name or "", request.path, context.flatten())


# Of the guide, what is read; the rest is looked up.
_READ = {"home", "contents", "front", "chapter", "questions", "section", "term", "pattern"}
_READ |= {"concepts", "take", "offline"}
_STYLES = {"fit": "fit", "scenarios": "practice", "reviews": "reviews", "teams": "reviews"}


@register.simple_tag(takes_context=True)
def stylesheet(context: Context) -> str:
    """The address of the stylesheet made for this kind of page (`config/styles.py`)."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or isinstance(context.get("status"), int):  # an error page
        name = "lookup"
    elif match.app_name == "guide":
        name = "book" if match.url_name in _READ else "lookup"
    elif match.route.startswith("accounts/"):
        name = "reviews"
    elif match.url_name == "styleguide":
        name = "styleguide"
    else:
        name = _STYLES.get(match.app_name, "lookup")
    return static(f"{name}.css")


@register.simple_tag
def italic_early() -> SafeString:
    """For the head of a page that has italics: their face comes with the stylesheets."""
    return format_html(
        '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>',
        static("fonts/warmstart-serif-italic-small.woff2"),
    )


@register.simple_tag
def edition() -> str:
    return settings.EDITION


@register.filter
def get(mapping: dict[str, object], key: str) -> object:
    """`mapping.get(key)` for keys that are only known at render time."""
    return mapping.get(key)
