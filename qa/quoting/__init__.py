"""Quoting: the sentence that answers, what in it does, and how sure that is."""
