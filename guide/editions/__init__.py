"""The whole book in other forms than pages: one page, EPUB, PDF, static files.

`whole` gathers what the book consists of as trees of elements; each form writes them its own way.
"""
