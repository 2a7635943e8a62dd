"""Frozen reports: kept as they were, written in every format, shown through links."""
