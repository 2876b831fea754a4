"""All that a student has written in words, wherever in the notebook it stands.

An answer is typed below its placeholder, into a copy of it, into the question itself or into a cell
of code, and tools remove the metadata by which a cell is known. What was not in the released
notebook is the student's own, and reaches the teacher with the question that it stands at.
"""

from __future__ import annotations

import ast

from lossbook.classroom.student.messages import languages, translated
from lossbook.classroom.teacher.source import (
    WORDS,
    Notebook,
    Source,
    grade_id,
    is_as_released,
    plain_text,
    source_text,
)

__all__ = ["written_words"]

LONGEST = 200_000  # characters of one answer


def _is_prose(text: str) -> bool:
    """Return whether a cell of code holds words: no Python, or nothing but a comment or a text."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant | ast.Name)
        for statement in body
    )


def written_words(notebook: Notebook, source: Source, questions: list[str]) -> dict[str, str]:
    """Return what was written for each question that is answered in words.

    Parameters
    ----------
    notebook : dict
        What was handed in.
    source : Source
        The instructor's notebook.
    questions : list of str
        The names of the questions that are answered in words.

    Returns
    -------
    dict
        By question; an empty text where nothing was written.
    """
    if not questions:
        return {}
    known = source.texts
    cells = source.released()["cells"]
    names = [grade_id(cell) for cell in cells]
    ids = {str(cell["id"]): place for place, cell in enumerate(cells)}
    places = {question: names.index(question) for question in questions}
    marked = [names.index(name) for name in source.points]
    ends = {q: min((m for m in marked if m > p), default=len(names)) for q, p in places.items()}
    placeholders = {plain_text(translated(WORDS, language)) for language in languages()}
    found: dict[str, dict[str, str]] = {question: {} for question in questions}
    last = -1
    for cell in notebook["cells"]:
        text, name = source_text(cell), grade_id(cell)
        plain = plain_text(text)
        if name in places:
            last = places[name]
        elif plain in known:
            last = known[plain]
            continue
        elif is_as_released(cell):  # of an edition before the source was changed
            last = ids.get(str(cell.get("id")), last)
            continue
        elif name and name in names:  # code for another question, or changed
            last = names.index(name)
            if cell["cell_type"] == "code":
                continue
        question = next((q for q in reversed(questions) if places[q] - 1 <= last), questions[0])
        is_there = places[question] - 1 <= last < ends[question]
        is_text = cell["cell_type"] != "code" or (is_there and _is_prose(text))
        if plain and plain not in placeholders and is_text:
            found[question].setdefault(plain, text)
    return {question: "\n\n".join(texts.values())[:LONGEST] for question, texts in found.items()}
