"""What a design means: reading, drawing, checking, scoring, comparing.

Pure Python that knows nothing of the web. Start at `document.load`, which gives
a `model.Design`; `result.evaluate` checks and scores it, `diagram.draw` draws
it, `compare.compare` says what changed between two results, and `export` writes
reports. `python -m design` does the same on the command line.
"""

__version__ = "2026.11"
