"""Pages for people: one for each student, one for the teacher. They load nothing from anywhere."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from lossbook.classroom.student.messages import _
from lossbook.classroom.teacher.export import counted, maximum, reasons, told, total
from lossbook.classroom.teacher.grade import STATUSES
from lossbook.classroom.teacher.roster import Student

__all__ = ["class_report", "feedback_page", "write_pages"]

Result = dict[str, Any]

#: The statuses in which answers were seen.
ANSWERED = ("graded", "timed out", "tampered", "look at it")

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ --text: #2b2b2b; --page: #fff; --line: #ddd; --code: #f3f3f3; --wrong: #a33b00;
  --right: #00694c; --bar: #0072b2 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --text: #e4e4e4; --page: #17191c; --line: #444; --code: #24272b; --wrong: #ff9a5c;
    --right: #4fd0a5; --bar: #4aa8e0 }}
}}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--text); background: var(--page); overflow-wrap: break-word }}
h1 {{ font-size: 1.6rem; line-height: 1.25 }}
h2 {{ font-size: 1.15rem; margin: 2rem 0 .3rem; display: flex; flex-wrap: wrap;
  justify-content: space-between; gap: 0 1rem }}
h2 span {{ font-weight: normal }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top }}
td:last-child, th:last-child {{ padding-right: 0 }}
td {{ overflow-wrap: anywhere }} th {{ white-space: nowrap }} :lang(ko) {{ word-break: keep-all }}
th[scope=row] {{ font-weight: normal; white-space: normal }}
code {{ font-size: .9em; background: var(--code); padding: 0 .15em; border-radius: .2em }}
.number {{ text-align: right; white-space: nowrap }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: var(--code); padding: .5rem;
  border-radius: .25rem }}
.wrong {{ color: var(--wrong) }} .right {{ color: var(--right) }}
.chart :is(td, th) {{ border: 0; padding: .1rem .6rem .1rem 0; white-space: nowrap;
  vertical-align: middle }}
.chart td:nth-child(2) {{ width: 100% }} .chart td:last-child {{ padding-right: 0 }}
svg {{ display: block; width: 100%; height: 1rem }} rect {{ fill: var(--bar) }}
@media print {{
  body {{ max-width: none; margin: 0; font-size: 10.5pt }} h2 {{ break-after: avoid }}
  tr, pre, p {{ break-inside: avoid }} pre {{ border: 1px solid var(--line) }}
}}
</style>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _page(title: str, body: Sequence[str], language: str) -> str:
    return _PAGE.format(title=escape(title), body="\n".join(body), language=escape(language))


def _with_code(text: str) -> str:
    """Return a text for a page, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def feedback_page(student: Student, result: Result, assignment: str, language: str = "en") -> str:
    """Return a student's page: what was checked, what was seen, what to read."""
    title = _("{assignment}: {student}").format(
        assignment=_(assignment), student=student.name or student.id
    )
    status = STATUSES[result["status"]]
    summary = _("{score} of {points} points. Status: {status}.").format(
        score=f"{total(result):g}", points=f"{maximum(result):g}", status=_(status)
    )
    body = [f"<h1>{escape(title)}</h1>", f"<p><strong>{escape(summary)}</strong></p>"]
    if any(question["score"] is None for question in result["questions"].values()):
        unread = _("A written answer has not been read yet. Its points are not in this number.")
        body.append(f"<p>{escape(unread)}</p>")
    if told(result):
        notes = "".join(f"<li>{escape(text)}</li>" for text in told(result))
        body.append(f"<ul>{notes}</ul>")
    if result["status"] in ANSWERED:
        for name, question in counted(result).items():
            body += _question(name, question)
    return _page(title, body, language)


def _question(name: str, question: dict[str, Any]) -> list[str]:
    points = f"{question['points']:g}"
    if question["score"] is None:
        score = _("not read yet, {points} points").format(points=points)
    else:
        score = _("{score} of {points} points").format(
            score=f"{question['score']:g}", points=points
        )
    title = f"{name}. {_(question['title'])}" if "title" in question else name
    body = [f"<h2>{escape(title)} <span>{escape(score)}</span></h2>"]
    if question.get("parts"):
        said = {True: "✓ " + _("right"), False: "✗ " + _("wrong")}
        titles = [part["title"] for part in question["parts"]]
        rows = "".join(
            f'<tr><th scope="row">{escape(_(title))}</th>'
            f'<td class="number {"right" if part["right"] else "wrong"}">'
            f"{escape(said[part['right']])}</td></tr>"
            for title, part in zip(titles, question["parts"], strict=True)
        )
        body.append(f"<table>{rows}</table>")
    if question.get("given"):
        helpers = ", ".join(f"`{helper}`" for helper in question["given"])
        told = _("Judged with a right {helper} in place of yours.").format(helper=helpers)
        body.append(f"<p>{_with_code(told)}</p>")
    if question.get("diagnoses"):
        body.append(f"<p>{_with_code(reasons(question))}</p>")
    example = question.get("example")
    if example:
        seen = _("your answer: {value}").format(value=example["seen"])
        given = "\n".join([*example["inputs"], seen])
        body.append(f"<pre>{escape(given)}</pre>")
    if question.get("diagnoses") and question.get("reading"):
        section = question["reading"]
        reading = escape(_("Read in the chapter: {section}").format(section=_(section)))
        book = os.environ.get("BOOK_URL", "").rstrip("/")
        if book.startswith(("http://", "https://")):
            reading = f'<a href="{escape(book)}/{escape(question["address"])}">{reading}</a>'
        body.append(f"<p>{reading}</p>")
    if "answer" in question:
        body.append(f"<pre>{escape(question['answer'])}</pre>")
    if question.get("remark"):
        body.append(f"<p>{escape(question['remark'])}</p>")
    return body


# --- the class ------------------------------------------------------------------------------------


def _bars(rows: Sequence[tuple[str, float, str]], alt: str) -> str:
    """Return a bar chart: rows of label, length from 0 to 1, and what stands at the end."""
    lines = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>'
        f'<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * min(max(share, 0.0), 1.0):.1f}" height="1"/></svg></td>'
        f'<td class="number">{escape(text)}</td></tr>'
        for label, share, text in rows
    )
    return f'<table class="chart" aria-label="{escape(alt)}">{lines}</table>'


def _head(words: Sequence[str], number: str) -> str:
    """Return the head of a table; one of its words stands above numbers."""
    cells = (
        f'<th scope="col"{" class=number" if word == number else ""}>{escape(word)}</th>'
        for word in words
    )
    return f"<tr>{''.join(cells)}</tr>"


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def class_report(results: list[Result], assignment: str, language: str = "en") -> str:
    """Return the teacher's page: distribution, hardest questions, most frequent diagnoses."""
    handed_in = [r for r in results if r["status"] != "missing"]
    title = _("Class report: {assignment}").format(assignment=_(assignment))
    body = [f"<h1>{escape(title)}</h1>"]
    statuses = Counter(result["status"] for result in results)
    rows = "".join(
        f'<tr><th scope="row">{escape(_(STATUSES[status]))}</th>'
        f'<td class="number">{count}</td></tr>'
        for status, count in statuses.most_common()
    )
    status, students = _("Status"), _("Students")
    body.append(f"<table>{_head((status, students), number=students)}{rows}</table>")
    if not handed_in:
        return _page(title, body, language)
    body += _distribution(handed_in)
    readable = [r for r in handed_in if r["status"] in ANSWERED]
    if readable:
        body += [*_hardest(readable), *_most_frequent(readable)]
    return _page(title, body, language)


def _distribution(handed_in: list[Result]) -> list[str]:
    most = maximum(handed_in[0]) or 1.0
    shares = [total(result) / most for result in handed_in]
    middle = _("The median is {score} of {points} points.").format(
        score=f"{most * median(shares):g}", points=f"{most:g}"
    )
    counts = Counter(max(0, min(int(10 * share + 1e-9), 9)) for share in shares)
    longest = max(counts.values())
    bars = [(f"{10 * i}–{10 * i + 10}%", counts[i] / longest, str(counts[i])) for i in range(10)]
    alt = _("How many students reached which share of the points")
    return [_heading(_("Distribution")), f"<p>{escape(middle)}</p>", _bars(bars, alt)]


def _hardest(readable: list[Result]) -> list[str]:
    means = []
    for name, question in counted(readable[0]).items():
        scores = [r["questions"][name]["score"] for r in readable]
        if question["points"] and None not in scores:  # until all are read nobody knows
            means.append((sum(scores) / len(scores) / question["points"], name))
    bars = [(name, mean, f"{100 * mean:.0f}%") for mean, name in sorted(means)]
    alt = _("Mean share of the points by question")
    return [_heading(_("Questions, the hardest first")), _bars(bars, alt)]


def _most_frequent(readable: list[Result]) -> list[str]:
    """Return a table of diagnoses, each with the words that one student read."""
    seen: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    for result in readable:
        for name, question in result["questions"].items():
            for found in question.get("diagnoses", []):
                key = (name, found["name"])
                seen[key] += 1
                texts.setdefault(key, reasons({"diagnoses": [found]}) or found["name"])
    rows = "".join(
        f'<tr><td class="number">{count}</td><td>{escape(key[0])}</td>'
        f"<td>{_with_code(texts[key])}</td></tr>"
        for key, count in seen.most_common(15)
    )
    often = _("How often")
    head = _head((often, _("Question"), _("Diagnosis")), number=often)
    table = f"<table>{head}{rows}</table>" if seen else ""
    return [_heading(_("Most frequent diagnoses")), table]


def write_pages(
    out: Path, roster: list[Student], results: list[Result], assignment: str, language: str
) -> None:
    """Write ``feedback/<id>.html`` for everybody, and ``report.html``."""
    folder = out / "feedback"
    folder.mkdir(parents=True, exist_ok=True)
    for student, result in zip(roster, results, strict=True):
        page = feedback_page(student, result, assignment, language)
        (folder / f"{student.id}.html").write_bytes(page.encode("utf-8", "replace"))
    report = class_report(results, assignment, language)
    (out / "report.html").write_bytes(report.encode("utf-8", "replace"))
