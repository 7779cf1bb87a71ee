"""Doors: the command line and, over time, every other way in."""
