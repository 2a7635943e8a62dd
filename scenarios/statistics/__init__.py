"""What first tries say about an exercise: how hard, how telling, which options work.

Pure: values in, values out. Figures are ranked and signalled by the edge of their interval, not by
the estimate, and nothing is said of fewer than twenty answers.
"""

from ._interventions import Change, Window, change
from ._items import (
    FEWEST,
    FEWEST_CORRELATED,
    FEWEST_OTHERS,
    Interval,
    ItemStatistics,
    OptionShare,
    Signal,
    Try,
    correlation,
    statistics,
    wilson,
)

__all__ = [
    "FEWEST",
    "FEWEST_CORRELATED",
    "FEWEST_OTHERS",
    "Change",
    "Interval",
    "ItemStatistics",
    "OptionShare",
    "Signal",
    "Try",
    "Window",
    "change",
    "correlation",
    "statistics",
    "wilson",
]
