"""拒绝读入: the one way a document is refused, with a sentence for the user."""

from __future__ import annotations


class UnreadableDocument(ValueError):
    """无法读入: one Chinese sentence that says what was found and what to do; never a traceback."""
