"""Talking: follow-ups, small talk, contents and example questions."""
