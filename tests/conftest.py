"""How the tests are shared out among the processes that run them."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# The processes share the processors already. Where each also splits a product of matrices among
# threads, these wait for one another: an exercise took 10 s, where one thread takes 1 s.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: Tests that share nothing with the rest of their file, and run wherever a process is free. They
#: come last, so that all processes end together.
APART = re.compile(
    r"tests/book/("
    r"test_browser\.py::test_a_page_asks_nobody"
    r"|test_translation\.py::test_the_catalogues_hold"
    r")"
)
#: Files that read every page, which takes a process ten seconds: one reads them for all.
PAGES = re.compile(
    r"tests/book/test_(site|published|tested_claims|translation|chapter_map|first_view)\.py"
    r"|tests/book/test_live\.py::test_a_cell_on_a_page"
    r"|tests/book/test_letters\.py::test_every_figure"
    r"|tests/book/test_use\.py::test_the_search_finds_a_word_with"
    r"|tests/book/test_late_sections\.py::test_every_section"
)


# Of ten thousand tests none is free again before the end. To look for those that are takes a fifth
# of the time of collecting them, and later some of that of each test.
def pytest_configure() -> None:
    """Look for nothing that is free while tests are collected."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was collected out, and look again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    """Begin and end each file in English: a test before may have asked for another language."""
    messages = sys.modules.get("lossbook.classroom.student.messages")
    if messages:
        messages.use_language("en")
    yield
    if messages:
        messages.use_language("en")


class FileByFile(LoadScopeScheduling):
    """Give a process all tests of a file, which share what they have built."""

    def _split_scope(self, nodeid: str) -> str:
        if APART.match(nodeid):
            return nodeid
        return "pages" if PAGES.match(nodeid) else nodeid.partition("::")[0]


#: This file runs inside a notebook's kernel only.
collect_ignore = ["machines/watch.py"]


# Without xdist there is nothing to share out.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Take one process more than there are processors: each waits at times, as for a browser."""
    return min(os.cpu_count() or 1, 8) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    """Share out the tests file by file, whatever the command line says."""
    return FileByFile(config, log)
