"""One page of each kind that the site has, for checks that need not look at every page."""

from __future__ import annotations

KINDS = {
    "opening": "index.html",
    "loss": "chapters/mean_squared_error/derivation.html",
    "examples": "chapters/mean_squared_error/examples.html",
    "exercises": "chapters/mean_squared_error/exercises.html",
    "assignment": "chapters/mean_squared_error/assignment.html",
    "tables": "chapters/frameworks/index.html",
    "glossary": "chapters/glossary.html",
    "api": "chapters/api/losses_of_classes.html",
    "search": "search.html",
    "missing": "404.html",
    "Korean": "ko/chapters/binary_crossentropy/derivation.html",
}
