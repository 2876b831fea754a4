"""The checks find what they are there to find: a copy of the book is broken, one way at a time.

Each line of `FAULTS` changes one place of a copy, and names what the check must say. Faults of one
kind stand in different places, so that one run of a check meets all of them; each must be named by
itself. A new fault is one line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.book.conftest import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


class Fault(NamedTuple):
    """One change and what must be said of it."""

    kind: str
    file: str
    old: str
    new: str
    named: str


MSE, MAE = "chapters/mean_squared_error/", "chapters/mean_absolute_error/"
HUBER = "chapters/huber/"
BCE, CCE = "chapters/binary_crossentropy/", "chapters/categorical_crossentropy/"
SPARSE, INFO = "chapters/sparse_categorical_crossentropy/", "chapters/information_and_entropy/"
LIKELY, METRICS = "chapters/likelihood/", "chapters/losses_and_metrics/"
TRAIN, PEARSON, CHOOSING = (
    "chapters/training/",
    "chapters/pearson_correlation/",
    "chapters/choosing/",
)
PINBALL, HINGE, FOCAL = "chapters/pinball/", "chapters/hinge/", "chapters/focal/"
SPREAD, COUNTS = "chapters/gaussian_negative_log_likelihood/", "chapters/poisson/"
BACK, HONEST = "chapters/backpropagation/", "chapters/calibration/"
BREAKS, STATIC = "chapters/where_it_breaks/", "_build/html/_static/"

FAULTS = [
    # A printed formula: a sign, a factor, an exponent, an index, a function.
    Fault("formula", MSE + "derivation.md", r"L = \frac{1}{N} \sum_{i=1}^{N} (y_i - t_i)^2", r"L = \frac{1}{N} \sum_{i=1}^{N} (y_i + t_i)^2", "mean-squared-error]"),
    Fault("formula", MSE + "derivation.md", r"\frac{\partial L}{\partial y_i} = \frac{2}{N} (y_i", r"\frac{\partial L}{\partial y_i} = \frac{1}{N} (y_i", "gradient_is_the_function_s[mean-squared-error]"),
    Fault("formula", MSE + "derivation.md", r"e^{-\frac{(t_i - y_i)^2}{2 \sigma^2}}", r"e^{-\frac{(t_i - y_i)^2}{\sigma^2}}", "gaussian-density"),
    Fault("formula", MSE + "derivation.md", r"L_{\text{sum}} = \sum_{i=1}^{N} (y_i - t_i)^2", r"L_{\text{sum}} = \sum_{i=1}^{N} (y_i - t_i)^3", "mean-squared-error-sum"),
    Fault("formula", MAE + "derivation.md", r"L = \frac{1}{N} \sum_{i=1}^{N} |y_i - t_i|", r"L = \frac{1}{N} \sum_{i=2}^{N} |y_i - t_i|", "mean-absolute-error]"),
    Fault("formula", MAE + "derivation.md", r"\frac{1}{2 \beta} e^", r"\frac{1}{\beta} e^", "laplace-density"),
    Fault("formula", HUBER + "derivation.md", r"\delta |y_i - t_i| - \frac{1}{2} \delta^2 & |y_i", r"\delta |y_i - t_i| - \delta^2 & |y_i", "the_printed_loss_is_the_function[huber]"),
    Fault("formula", BCE + "derivation.md", r"L = -\frac{1}{N} \sum_{i=1}^{N} \left( t_i \log y_i +", r"L = -\frac{1}{N} \sum_{i=1}^{N} \left( t_i \log y_i -", "binary-crossentropy]"),
    Fault("formula", BCE + "derivation.md", r"\log(1 + e^{-|z_i|})", r"\log(1 + e^{-z_i})", "binary-crossentropy-from-logits]"),
    Fault("formula", BCE + "derivation.md", r"\frac{1}{1 + e^{-z_i}} - t_i", r"\frac{1}{1 + e^{z_i}} - t_i", "gradient_is_the_function_s[binary-crossentropy-from-logits]"),
    Fault("formula", BCE + "derivation.md", r"H = -t \log t - (1 - t) \log(1 - t)", r"H = -t \log t - (1 - t) \log(1 + t)", "binary-entropy"),
    Fault("formula", CCE + "derivation.md", r"-\frac{1}{N} \frac{t_{ij}}{y_{ij}}", r"-\frac{1}{N} t_{ij} y_{ij}", "gradient_is_the_function_s[categorical-crossentropy]"),
    Fault("formula", CCE + "derivation.md", r"\frac{\partial y_j}{\partial z_k} = -y_j y_k", r"\frac{\partial y_j}{\partial z_k} = y_j y_k", "the_softmax_has_the_printed_derivatives"),
    Fault("formula", SPARSE + "derivation.md", r"\sum_{k=0}^{C-1} e^{z_{ik}} \right) - z_{i t_i}", r"\sum_{k=1}^{C-1} e^{z_{ik}} \right) - z_{i t_i}", "sparse-categorical-crossentropy-from-logits]"),
    Fault("formula", INFO + "index.md", r"\log\left(\frac{p_j}{q_j}\right)" + "\n", r"\log\left(\frac{q_j}{p_j}\right)" + "\n", "information-divergence"),
    Fault("formula", LIKELY + "index.md", r"\log(2 \pi \, \text{MSE}) + \frac{1}{2}", r"\log(2 \pi \, \text{MSE}) - \frac{1}{2}", "likelihood-gaussian-loss"),
    Fault("formula", LIKELY + "index.md", r"\frac{n + 1}{N + 2}", r"\frac{n + 1}{N + 1}", "likelihood-imaginary-samples"),
    Fault("formula", METRICS + "index.md", r"\text{RMSE} = \sqrt{\frac{1}{N}", r"\text{RMSE} = \sqrt{\frac{2}{N}", "root-mean-squared-error"),
    Fault("formula", TRAIN + "index.md", r"t'_j = (1 - s) t_j + \frac{s}{C}", r"t'_j = (1 - s) t_j + s", "label-smoothing"),
    Fault("formula", PEARSON + "derivation.md", r"\frac{r v_k - u_k}{|\tilde y|}", r"\frac{u_k - r v_k}{|\tilde y|}", "gradient_of_the_correlation_loss_is_as_printed"),
    Fault("formula", CHOOSING + "index.md", "## Take-aways", "```{math}\n:label: never-checked\nL = N\n```\n\n## Take-aways", "never-checked"),
    Fault("formula", PINBALL + "derivation.md", r"([y_i > t_i] - \theta)", r"([y_i < t_i] - \theta)", "gradient_is_the_function_s[pinball]"),
    Fault("formula", PINBALL + "derivation.md", r"\frac{\theta (1 - \theta)}{\beta} e^", r"\frac{\theta}{\beta} e^", "asymmetric-laplace-density"),
    Fault("formula", HINGE + "derivation.md", r"0 & t_i z_i \geq 1", r"1 & t_i z_i \geq 1", "gradient_is_the_function_s[hinge]"),
    Fault("formula", HINGE + "derivation.md", r"\max_j \left( z_{ij} + 1 - t_{ij} \right) - \sum", r"\max_j \left( z_{ij} - 1 + t_{ij} \right) - \sum", "the_printed_loss_is_the_function[categorical-hinge]"),
    Fault("formula", FOCAL + "derivation.md", r"(1 - y_i)^\gamma \log y_i + (1 - t_i) y_i^\gamma", r"y_i^\gamma \log y_i + (1 - t_i) y_i^\gamma", "the_printed_loss_is_the_function[binary-focal-crossentropy]"),
    Fault("formula", FOCAL + "derivation.md", r"p = \frac{f(1 - y)}", r"p = \frac{f(y)}", "focal-honest-probability"),
    Fault("formula", SPREAD + "derivation.md", r"\frac{1}{2 N} \left( 1 - ", r"\frac{1}{2 N} \left( 1 + ", "gradient_is_the_function_s[gaussian-negative-log-likelihood]"),
    Fault("formula", SPREAD + "derivation.md", r"\sqrt{2 \pi e^{z_i}}", r"\sqrt{2 \pi} e^{z_i}", "gaussian-density-with-spread"),
    Fault("formula", COUNTS + "derivation.md", r"z_i = \log n_i + b", r"z_i = n_i + b", "poisson-offset"),
    Fault("formula", COUNTS + "derivation.md", r"t_i \log \frac{t_i}{y_i} - (t_i - y_i)", r"t_i \log \frac{t_i}{y_i} - (y_i - t_i)", "poisson-deviance"),
    Fault("formula", BACK + "index.md", r"= m\, t\, (y - 1)", r"= m\, t\, (y + 1)", "miss-loss-slope"),
    # A formula in a table, in a sentence, in a notebook, and one that nobody has checked.
    Fault("prose", MSE + "derivation.md", "$y_i - t_i$ | `0.5 *", "$2 (y_i - t_i)$ | `0.5 *", "(half-sum / gradient with respect to $y_i$): $2(y_i-t_i)$"),
    Fault("prose", LIKELY + "index.md", r"| $-t \log y - (1 - t) \log(1 - y)$", r"| $-t \log y + (1 - t) \log(1 - y)$", r"(0 or 1 / surprise of one label): $-t\log y+(1-t)\log(1-y)$"),
    Fault("prose", MSE + "examples.ipynb", "$14 / 4 = 3.5$", "$14 / 4 = 3.6$", "mean_squared_error/examples.ipynb: $14/4=3.6$"),
    Fault("prose", CHOOSING + "index.md", "## Take-aways", "The gradient is $\\frac{3}{N} (y_i - t_i)$.\n\n## Take-aways", r"choosing/index.md: $\frac{3}{N}(y_i-t_i)$"),
    Fault("prose", HONEST + "index.md", "The derivative is $2 (y - p)$", "The derivative is $3 (y - p)$", "calibration/index.md: $3(y-p)$"),
    Fault("prose", "chapters/frameworks/index.md", "by $y (1 - y)$", "by $y (1 + y)$", "frameworks/index.md: $y(1+y)$"),
    Fault("prose", PINBALL + "derivation.md", r"(\theta - \frac{1}{2}) (t - y)$ |", r"(\theta + \frac{1}{2}) (t - y)$ |", "pinball/derivation.md (tilted / loss of one sample)"),
    Fault("prose", HINGE + "derivation.md", r"p \cdot (1 - z)^2 + (1 - p) (1 + z)^2", r"p \cdot (1 - z)^2 + (1 - p) (1 - z)^2", "hinge/derivation.md: $p\\cdot(1-z)^2"),
    Fault("prose", SPREAD + "derivation.md", r"$\frac{1}{\sigma_i^2}$ is a", r"$\frac{2}{\sigma_i^2}$ is a", r"gaussian_negative_log_likelihood/derivation.md: $\frac{2}{\sigma_i^2}$"),
    Fault("prose", COUNTS + "derivation.md", r"$\frac{y - t}{y}$", r"$\frac{y - t}{t}$", r"poisson/derivation.md: $\frac{y-t}{t}$"),
    # The code of a loss, of a link, of a measure.
    Fault("code", "lossbook/losses/mean_squared_error.py", "return 2.0 * (y - t)", "return 2.0 * (t - y)", "mean-squared-error"),
    Fault("code", "lossbook/losses/mean_absolute_error.py", "return np.sign(y - t)", "return 2.0 * np.sign(y - t)", "mean-absolute-error"),
    Fault("code", "lossbook/losses/binary_crossentropy.py", "minus_log_difference(1.0, y)", "minus_log_difference(0.0, y)", "binary-crossentropy]"),
    Fault("code", "lossbook/losses/categorical_crossentropy.py", "return -t / y", "return -y / t", "categorical-crossentropy"),
    Fault("code", "lossbook/losses/sparse_categorical_crossentropy.py", "-1.0 / pick(y, t)", "1.0 / pick(y, t)", "sparse-categorical-crossentropy"),
    Fault("code", "lossbook/losses/gaussian_negative_log_likelihood.py", "return 0.5 * z + 0.5 * deviations", "return 0.5 * z + deviations", "the_printed_loss_is_the_function[gaussian-negative-log-likelihood]"),
    Fault("code", "lossbook/losses/poisson.py", "return np.exp(z) - t\n", "return t - np.exp(z)\n", "gradient_is_the_function_s[poisson]"),
    # A property that is false.
    Fault("property", "lossbook/losses/mean_squared_error.py", 'best_constant="mean"', 'best_constant="median"', "mean_squared_error"),
    Fault("property", "lossbook/losses/mean_absolute_error.py", "lipschitz=1.0", "lipschitz=0.9", "mean_absolute_error"),
    Fault("property", "lossbook/losses/categorical_crossentropy.py", "lipschitz=math.sqrt(2.0)", "lipschitz=1.3", "categorical_crossentropy.from_logits"),
    # What a notebook stores: a number, and of a figure a point, a color, a label.
    Fault("output", MSE + "exercises.ipynb", "STORED NUMBER", "", "mean_squared_error/exercises"),
    Fault("output", PEARSON + "exercises.ipynb", "STORED NUMBER", "", "pearson_correlation/exercises"),
    Fault("output", INFO + "exercises.ipynb", "STORED NUMBER", "", "information_and_entropy/exercises"),
    Fault("output", PEARSON + "examples.ipynb", "MOVED POINT", "", "the figure 'own-unit' differs at"),
    Fault("output", PEARSON + "examples.ipynb", "OTHER PNG", "", "the figure 'simpson' differs at its PNG"),
    Fault("output", BREAKS + "examples.ipynb", "stroke: #0072b2", "stroke: #0072b3", "the figure 'clip' differs at"),
    Fault("output", BREAKS + "examples.ipynb", "MISSING LABEL", "", "the figure 'softmax-twice' differs at"),
    # A notebook's form.
    Fault("notebook", BCE + "examples.ipynb", "OUTPUTS", "", "stored_run_in_order[binary_crossentropy/examples"),
    Fault("notebook", INFO + "examples.ipynb", "ALTERNATIVE TEXT", "", "information_and_entropy/examples"),
    Fault("notebook", LIKELY + "examples.ipynb", "HIDDEN CELL", "", "likelihood/examples"),
    Fault("notebook", METRICS + "examples.ipynb", "NEGATIVE ZERO", "", "test_the_file_is_as_the_writer_writes_it[losses_and_metrics/examples"),
    # A number that a hand typed.
    Fault("typed", CHOOSING + "index.md", "## Take-aways", "The loss is 1.2345 here.\n\n## Take-aways", "1.2345"),
    Fault("typed", METRICS + "index.md", "## Take-aways", "It rises to 0.98765.\n\n## Take-aways", "0.98765"),
    Fault("typed", INFO + "index.md", "## Take-aways", "It is right in 73% of them.\n\n## Take-aways", "73% in line "),
    Fault("typed", CCE + "exercises.ipynb", "TYPED NUMBER", "", "7.65432"),
    # What another library, or ours, is said to answer.
    Fault("framework", "benchmarks/references.json", '"lossbook": "1.0",\n    "scikit-learn": "1.0",\n    "Keras (numpy)": "0.5"', '"lossbook": "2.0",\n    "scikit-learn": "1.0",\n    "Keras (numpy)": "0.5"', "test_lossbook_answers_today_as_it_was_recorded[mse-weights]"),
    # What a reader sees: a style that a purge drops, a page that stays dark on paper.
    Fault("appearance", STATIC + "site.css", "filter: invert(1) hue-rotate(180deg);", "", "test_what_can_be_seen_of_a_figure_on_a_light_page_can_be_seen_on_a_dark_one[chapters/losses_and_metrics"),
    Fault("appearance", STATIC + "site.css", '.bd-article img[src$=".svg"] {\n  max-width: 100%;\n  height: auto;', '.bd-article img[src$=".svg"] {\n  max-width: 100%;', "test_the_box_of_a_figure_has_the_ratio_of_its_drawing_on_a_phone[chapters/losses_and_metrics"),
    Fault("appearance", STATIC + "site.css", ".edition-switch a:is(:hover, :focus-visible)", ".edition-switch a:is(:hover)", "edition-switch a:is(:hover, :focus-visible)"),
    Fault("appearance", STATIC + "site.js", 'page.dataset.theme = "light";', "", "test_a_dark_page_is_printed_dark_on_light"),
    # What a reader does: keys after the mouse, a click on a title that is a link.
    Fault("use", STATIC + "moving.js", 'addEventListener("mousedown", (event) => event.preventDefault())', 'addEventListener("mousedown", () => {})', "test_a_curve_follows_the_mouse_and_then_the_keys"),
    Fault("use", "_build/html/" + MSE + "exercises.html", '<p class="admonition-title">Solution to', '<p class="admonition-title"><a href="#">Solution</a> to', "test_a_click_anywhere_on_a_solution_s_title_opens_this_one_alone"),
    # The PDF: each bookmark twice.
    Fault("pdf", "tools/pdf.py", "in outline:\n        del above", "in [bookmark for bookmark in outline for _ in range(2)]:\n        del above", "test_titles_that_wrap_are_whole_in_the_outline"),
    # The room that a section is given before it is laid out.
    Fault("room", "_ext/late_sections.py", '"dropdown" in name', '"folded" in name', "in_letters[folded]"),
    Fault("room", "_ext/late_sections.py", "[^가-", "[^힣-", "in_letters[Hangul]"),
    Fault("room", "_ext/late_sections.py", "and not is_cell", "", "in_letters[row]"),
    # What only the builder sees.
    Fault("build", MSE + "derivation.md", "examples.ipynb::n_points", "examples.ipynb::n_point", "'n_point' not found"),
    Fault("build", MSE + "derivation.md", "{eq}`gaussian-density`", "{eq}`gaussian-densiti`", "equation not found: gaussian-densiti"),
    Fault("build", MSE + "derivation.md", "](examples.ipynb)", "](example.ipynb)", "not found: 'example.ipynb'"),
    Fault("build", MSE + "derivation.md", "{term}`label`", "{term}`labell`", "not in glossary: 'labell'"),
    Fault("build", MSE + "derivation.md", r"L_{\text{sum}} = 2 L_{\text{half}} = N L", r"L_{\text{sum}} = 2 L_{\text{half}} = \frac{N L", "KaTeX parse error"),
    Fault("build", MSE + "derivation.md", "examples.ipynb::forbes-fit", "examples.ipynb::forbes", "named 'forbes'"),
]  # fmt: skip


def cells(path: Path, change: Callable[[list[dict]], None]) -> None:
    """Change the code cells of a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def digit(text: str) -> str:
    """Return the text with its last digit changed."""
    place = max(i for i, letter in enumerate(text) if letter.isdigit())
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def stored_number(found: list[dict]) -> None:
    for cell in found:
        for output in cell.get("outputs", []):
            if output.get("name") == "stdout" and re.search(r"\d", "".join(output["text"])):
                output["text"] = digit("".join(output["text"]))
                return
            text = "".join(output.get("data", {}).get("text/plain", ""))
            if re.search(r"\d", text) and "Figure" not in text:
                output["data"]["text/plain"] = digit(text)
                return
    raise AssertionError("the notebook stores no number")


def in_figure(number: int, change: Callable[[str], str]) -> Callable[[list[dict]], None]:
    """Return what changes one of the stored figures of a notebook."""

    def change_it(found: list[dict]) -> None:
        outputs = [output.get("data", {}) for cell in found for output in cell.get("outputs", [])]
        figure = [data for data in outputs if "image/svg+xml" in data][number]
        svg = "".join(figure["image/svg+xml"])
        assert change(svg) != svg
        figure["image/svg+xml"] = change(svg)

    return change_it


def moved_point(svg: str) -> str:
    return re.sub(r"L (\d+\.\d+) ", lambda found: f"L {float(found[1]) + 0.02:.2f} ", svg, count=1)


def missing_label(svg: str) -> str:
    return re.sub(r'<g id="text_1">.*?</g>\s*</g>\s*', "", svg, count=1, flags=re.DOTALL)


def negative_zero(svg: str) -> str:
    return re.sub(r"(L \d+(?:\.\d+)?) 0 ", r"\1 -0 ", svg, count=1)


def other_png(found: list[dict]) -> None:
    outputs = [output.get("data", {}) for cell in found for output in cell.get("outputs", [])]
    one, other = [data for data in outputs if "image/png" in data][:2]
    other["image/png"] = one["image/png"]


def no_outputs(found: list[dict]) -> None:
    for cell in found:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def no_alternative_text(found: list[dict]) -> None:
    next(c for c in found if "image" in c["metadata"].get("mystnb", {}))["metadata"]["mystnb"].pop(
        "image"
    )


def hidden_cell(found: list[dict]) -> None:
    next(c for c in found if c["cell_type"] == "code")["metadata"]["tags"] = ["nbval-skip"]


def typed_number(found: list[dict]) -> None:
    next(c for c in found if c["cell_type"] == "markdown")["source"] += ["\n\nIt is 7.65432 now.\n"]


IN_CELLS = {
    "STORED NUMBER": stored_number,
    "MOVED POINT": in_figure(0, moved_point),
    "OTHER PNG": other_png,
    "MISSING LABEL": in_figure(1, missing_label),
    "NEGATIVE ZERO": in_figure(0, negative_zero),
    "OUTPUTS": no_outputs,
    "ALTERNATIVE TEXT": no_alternative_text,
    "HIDDEN CELL": hidden_cell,
    "TYPED NUMBER": typed_number,
}


def put_in(fault: Fault, book: Path) -> None:
    """Break the copy in one place."""
    path = book / fault.file
    if fault.old in IN_CELLS:
        cells(path, IN_CELLS[fault.old])
        return
    text = path.read_text(encoding="utf-8")
    assert fault.old in text, (
        f"{fault.file} holds {fault.old!r} no more: bring the fault up to date"
    )
    path.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")


def copy(book: Path) -> Path:
    """Copy what the checks read."""
    book.mkdir(exist_ok=True)
    for name in ("chapters", "lossbook", "tests", "_ext", "_static", "_templates", "tools"):
        shutil.copytree(ROOT / name, book / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_interactive", "_live"):
        shutil.copytree(ROOT / name, book / name, ignore=shutil.ignore_patterns("node_modules"))
    for name in ("pyproject.toml", "index.md", "_config.yml", "_toc.yml", "references.bib"):
        shutil.copy(ROOT / name, book)
    shutil.copy(ROOT / "CHANGELOG.md", book)
    (book / "locale").symlink_to(ROOT / "locale")
    (book / "benchmarks").mkdir()
    for stored in (ROOT / "benchmarks").glob("*.json"):
        shutil.copy(stored, book / "benchmarks")
    shutil.copy(ROOT / "benchmarks/requirements.txt", book / "benchmarks")
    (book / "node_modules").symlink_to(ROOT / "node_modules")
    return book


def run(book: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a check in the copy, with the copy's package."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(book), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_says(book: Path, *arguments: str) -> str:
    """Return what pytest says of the copy, in one line for each failure."""
    done = run(book, "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "-rf", *arguments)
    assert done.returncode == 1, f"nothing was found:\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
    return done.stdout


def built(book: Path) -> str:
    """Return what the builder says of a copy with a few pages."""
    pages = "mean_squared_error/derivation", "mean_squared_error/examples", "notation", "glossary"
    listed = "".join(f"- file: chapters/{page}\n" for page in (*pages, "bibliography", "history"))
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{listed}")
    (book / "index.md").write_text("# A part of the book\n\nIt is built to be broken.\n")
    done = run(book, "jupyter-book", "build", ".", "-W", "--keep-going", "-n", "--quiet")
    assert done.returncode != 0, "the build found nothing"
    return done.stdout + done.stderr


#: Checks that only read the text; one run meets the faults of all of them.
QUICK = {
    "formula": "tests/book/test_formulas.py",
    "framework": "tests/book/test_frameworks.py",
    "notebook": "tests/book/test_notebooks.py",
    "prose": "tests/book/test_prose_formulas.py",
    "typed": "tests/book/test_typed_numbers.py",
}
#: The kinds whose faults are put into one copy.
TOGETHER = {**dict.fromkeys(QUICK, "text"), "appearance": "site", "use": "site"}
CHECKS: dict[str, Callable[[Path], str]] = {
    "text": lambda book: pytest_says(book, *QUICK.values()),
    "code": lambda book: pytest_says(book, "tests/book/test_formulas.py"),
    "property": lambda book: pytest_says(
        book,
        "tests/test_properties.py",
        "-k",
        f"declared and ({' or '.join(Path(f.file).stem for f in FAULTS if f.kind == 'property')})",
    ),
    "output": lambda book: pytest_says(
        book,
        "--nbval",
        *{fault.file: None for fault in FAULTS if fault.kind == "output"},
    ),
    "site": lambda book: pytest_says(
        book,
        "tests/book/test_appearance.py",
        "tests/book/test_engines.py",
        "-k",
        "style_sheet or printed_dark or figure and index or Chromium and (curve or click)",
    ),
    "pdf": lambda book: pytest_says(book, "tests/book/test_take_away.py", "-k", "wrap"),
    "room": lambda book: pytest_says(book, "tests/book/test_late_sections.py", "-k", "counted"),
    "build": built,
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a function that breaks a copy in all ways that go together, and runs the checks."""

    @cache
    def check(kind: str) -> str:
        if kind in ("site", "pdf") and CHROMIUM is None:
            pytest.skip("no Chromium on this machine (Debian's package is `chromium`)")
        book = copy(tmp_path_factory.mktemp(kind))
        if kind == "site":
            shutil.copytree(ROOT / "_build" / "html", book / "_build" / "html")
        for fault in FAULTS:
            if TOGETHER.get(fault.kind, fault.kind) == kind:
                put_in(fault, book)
        return CHECKS[kind](book)

    return lambda kind: check(TOGETHER.get(kind, kind))


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.file.split('/')[1:2] or fault.file}"
)
def test_a_fault_is_found_and_its_place_is_named(fault: Fault, said: Callable[[str], str]) -> None:
    output = said(fault.kind)
    lines = [line for line in output.splitlines() if fault.named in line]
    assert lines, f"{fault.named!r} is not named in:\n{output[-6000:]}"
    if fault.kind == "build":
        assert re.search(rf"{re.escape(fault.file)}:\d+: ", lines[0]), lines[0]


def test_the_quick_checks_find_nothing_in_a_copy_but_its_faults(
    said: Callable[[str], str],
) -> None:
    failed = re.findall(r"^FAILED \S+?::(\S+)", said("formula"), re.MULTILINE)
    faults = [fault for fault in FAULTS if fault.kind in QUICK]
    broken = {str(Path(fault.file.removeprefix("chapters/")).with_suffix("")) for fault in faults}
    broken |= {fault.named.partition("[")[2] or fault.named for fault in faults}
    # What looks at all files at once.
    whole = {
        "test_every_labelled_equation_has_its_check",
        "test_the_lists_hold_nothing_that_is_gone",
        "test_no_two_figures_share_their_alternative_text",
    }
    others = [test for test in failed if not any(name in test for name in broken)]
    assert set(others) <= whole
    passed = re.search(r"(\d+) passed", said("formula"))
    assert passed
    assert int(passed[1]) > 500


def test_there_are_forty_faults_and_every_chapter_has_one() -> None:
    assert len(FAULTS) >= 40
    broken = {fault.file.split("/")[1] for fault in FAULTS if fault.file.startswith("chapters/")}
    losses = {path.parent.name for path in ROOT.glob("chapters/*/exercises.ipynb")}
    assert losses <= broken
