"""Tools for authors. None of them needs a database."""
