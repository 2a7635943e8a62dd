"""Numbers as people read and write them: 15.8M, $0.0023, 6,000,000."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

_UNITS = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "g": 10**9}
_WRITTEN = re.compile(r"([0-9][0-9 ,_'’]*(?:\.[0-9]+)?|\.[0-9]+)(?:e([+-]?[0-9]{1,2}))?\s*([a-z]*)")
_LONGEST = 40


class NotANumber(ValueError):
    """The message says what is wrong with the text."""


def number(text: str) -> Fraction:
    """What somebody wrote: digits, thousands separated or not, with k, M or bn behind them.
    Raises NotANumber."""
    text = text.strip().lower()
    if not text:
        raise NotANumber("Give a number here.")
    sign, plain = (-1, text[1:]) if text[0] in "-−" else (1, text.removeprefix("+"))
    found = _WRITTEN.fullmatch(plain.strip()) if len(text) <= _LONGEST else None
    unit = _UNITS.get(found[3], 0) if found and found[3] else 1
    if not found or not unit:
        raise NotANumber("This is not a number. Write 250000, 250k or 0.25.")
    try:
        value = Decimal(re.sub(r"[ ,_'’]", "", found[1]))
    except InvalidOperation:
        raise NotANumber("This is not a number. Write 250000, 250k or 0.25.") from None
    return sign * Fraction(value) * Fraction(10) ** int(found[2] or 0) * unit


def plain(value: Fraction | float | int, places: int = 10) -> str:
    """A number in full, thousands separated, without trailing zeros."""
    text = f"{Decimal(str(round(float(value), places))):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: Fraction | float | int) -> str:
    """Three digits and a unit: 15.8M, 250k, 1.2bn."""
    amount = float(value)
    for size, unit in ((10**12, " trillion"), (10**9, "bn"), (10**6, "M"), (10**3, "k")):
        # 999,950 would round to "1000k".
        if amount >= size * 0.9995:
            return _digits(amount / size) + unit
    return _digits(amount)


def spelt(value: Fraction | float | int) -> str:
    """The same inside a sentence: 15.8 million."""
    words = {"k": ",000", "M": " million", "bn": " billion"}
    text = short(value)
    for unit, word in words.items():
        if text.endswith(unit):
            amount = text.removesuffix(unit)
            return plain(round(float(value), -1)) if unit == "k" else amount + word
    return text


def _digits(value: float) -> str:
    places = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Fraction | float | int) -> str:
    """Dollars: whole from 1,000 on, cents below, three digits where cents are too coarse."""
    amount = float(value)
    sign, amount = ("−", -amount) if amount < 0 else ("", amount)
    if amount >= 999.995:
        return f"{sign}${amount:,.0f}"
    if amount >= 0.995 or amount == 0:
        return f"{sign}${amount:.2f}"
    text = f"{Decimal(f'{amount:.3g}'):f}"
    return f"{sign}${text}" if len(text) >= 4 else f"{sign}${amount:.2f}"
