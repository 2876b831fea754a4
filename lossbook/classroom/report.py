"""Pages for people: one for each student, one for the teacher. They load nothing from anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from lossbook.classroom.export import total
from lossbook.classroom.grade import STATUSES
from lossbook.classroom.messages import _
from lossbook.classroom.roster import Student

__all__ = ["class_report", "feedback_page", "write_pages"]

Result = dict[str, Any]

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #2b2b2b; background: #fff }}
h1 {{ font-size: 1.6rem }} h2 {{ font-size: 1.15rem; margin: 1.6rem 0 .3rem }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #ddd;
  vertical-align: top }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5; padding: .5rem }}
.score {{ float: right; font-weight: normal }}
.wrong {{ color: #a33b00 }} .right {{ color: #00694c }}
svg text {{ font: 12px system-ui, sans-serif; fill: #2b2b2b }}
</style>
<body>
{body}
</body>
</html>
"""


def _page(title: str, body: Sequence[str], language: str) -> str:
    return _PAGE.format(title=escape(title), body="\n".join(body), language=escape(language))


def _points(score: float | None, points: float) -> str:
    return _("not read yet") if score is None else f"{score:g} / {points:g}"


def feedback_page(student: Student, result: Result, assignment: str, language: str = "en") -> str:
    """Return a student's page: what was checked, what was seen, what to read."""
    maximum = sum(q["points"] for q in result["questions"].values())
    title = f"{assignment.replace('_', ' ').capitalize()}: {student.name or student.id}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p><strong>{total(result):g} / {maximum:g}</strong> "
        f"{_('points')}. {_('Status')}: {escape(_(STATUSES[result['status']]))}.</p>",
    ]
    if result["notes"]:
        notes = "".join(f"<li>{escape(note)}</li>" for note in result["notes"])
        body.append(f"<ul>{notes}</ul>")
    for name, question in result["questions"].items():
        body += _question(name, question)
    return _page(title, body, language)


def _question(name: str, question: dict[str, Any]) -> list[str]:
    score = _points(question["score"], question["points"])
    body = [f'<h2>{escape(name)} <span class="score">{escape(score)}</span></h2>']
    if question.get("parts"):
        rows = "".join(
            f"<tr><td>{escape(_(part['title']))}</td>"
            f'<td class="{"right" if part["right"] else "wrong"}">'
            f"{'✓ ' + _('right') if part['right'] else '✗ ' + _('wrong')}</td></tr>"
            for part in question["parts"]
        )
        body.append(f"<table>{rows}</table>")
    body += [f"<p>{escape(d['text'])}</p>" for d in question.get("diagnoses", [])]
    example = question.get("example")
    if example:
        given = "\n".join([*example["inputs"], f"{_('your answer')}: {example['seen']}"])
        body.append(f"<pre>{escape(given)}</pre>")
    if question.get("diagnoses") and question.get("reading"):
        reading = _(question["reading"])
        body.append(f"<p>{_('Read')}: {escape(reading)}</p>")
    if "answer" in question:
        body.append(f"<pre>{escape(question['answer'])}</pre>")
    if question.get("remark"):
        body.append(f"<p>{escape(question['remark'])}</p>")
    return body


# --- the class ------------------------------------------------------------------------------------


def _bars(rows: Sequence[tuple[str, float, str]], alt: str) -> str:
    """Return a bar chart as SVG: rows of label, length from 0 to 1, and what stands at the end."""
    height = 24 * len(rows)
    parts = [f'<svg viewBox="0 0 640 {height}" role="img" aria-label="{escape(alt)}">']
    for number, (label, share, text) in enumerate(rows):
        y, width = 24 * number, 330 * min(max(share, 0.0), 1.0)
        parts.append(
            f'<text x="200" y="{y + 16}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="210" y="{y + 4}" width="{width:.1f}" height="16" fill="#0072B2"/>'
            f'<text x="{216 + width:.1f}" y="{y + 16}">{escape(text)}</text>'
        )
    return "".join([*parts, "</svg>"])


def class_report(results: list[Result], assignment: str, language: str = "en") -> str:
    """Return the teacher's page: distribution, hardest questions, most frequent diagnoses."""
    handed_in = [r for r in results if r["status"] != "missing"]
    title = _("Class report: {name}").format(name=assignment.replace("_", " "))
    body = [f"<h1>{escape(title)}</h1>"]
    statuses = Counter(result["status"] for result in results)
    rows = "".join(
        f"<tr><td>{escape(_(STATUSES[status]))}</td><td>{count}</td></tr>"
        for status, count in statuses.items()
    )
    body.append(f"<table><tr><th>{_('Status')}</th><th>{_('students')}</th></tr>{rows}</table>")
    if not handed_in:
        return _page(title, body, language)
    maximum = sum(q["points"] for q in results[0]["questions"].values()) or 1.0
    shares = [total(result) / maximum for result in handed_in]
    middle = sorted(shares)[len(shares) // 2] * maximum
    body.append(f"<h2>{_('Distribution')}</h2><p>{_('Median')}: {middle:g} / {maximum:g}</p>")
    counts = Counter(min(int(10 * share + 1e-9), 9) for share in shares)
    most = max(counts.values())
    body.append(
        _bars(
            [(f"{10 * i}–{10 * i + 10} %", counts[i] / most, str(counts[i])) for i in range(10)],
            _("How many students reached which share of the points"),
        )
    )
    body.append(f"<h2>{_('Questions, the hardest first')}</h2>")
    means = []
    for name, question in results[0]["questions"].items():
        scores = [r["questions"][name]["score"] for r in handed_in]
        known = [s for s in scores if s is not None]
        if known and question["points"]:
            means.append((sum(known) / len(known) / question["points"], name))
    body.append(
        _bars(
            [(name, mean, f"{100 * mean:.0f} %") for mean, name in sorted(means)],
            _("Mean share of the points by question"),
        )
    )
    body.append(f"<h2>{_('Most frequent diagnoses')}</h2>")
    seen: Counter[tuple[str, str]] = Counter()
    for result in handed_in:
        for name, question in result["questions"].items():
            seen.update((name, d["name"]) for d in question.get("diagnoses", []))
    if seen:
        top = seen.most_common(15)
        body.append(
            _bars(
                [(f"{q}: {d.replace('_', ' ')}", n / top[0][1], str(n)) for (q, d), n in top],
                _("How often each diagnosis was made"),
            )
        )
    return _page(title, body, language)


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
