"""What attempts add up to. Everything is a fold over the log, so two logs merge by union."""

from ._fold import HINT_PRICE, PASS, TRY_VALUES, Record, State, fold, worth

__all__ = ["HINT_PRICE", "PASS", "TRY_VALUES", "Record", "State", "fold", "worth"]
