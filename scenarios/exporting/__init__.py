"""Practice for other systems: attempts as xAPI statements, exercises as QTI 3 items."""
