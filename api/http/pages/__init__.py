"""Pages for people: ask and read, issues, articles, what errors mean, and the API's reference.

All is rendered here; a script only makes the page to ask from answer without being loaded anew.
"""

from api.http.pages.render import problem_page, wants_page
from api.http.pages.routes import router

__all__ = ["problem_page", "router", "wants_page"]
