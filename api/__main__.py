"""`python -m api` is the command `bulletin`."""

from api.cli import run

run()
