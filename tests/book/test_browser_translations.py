"""Every page of the translated editions in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.book.test_browser import look_at, pages
from tests.book.translation import LANGUAGES


@pytest.mark.parametrize("page", pages(*LANGUAGES))
def test_a_translated_page_asks_nobody_else_logs_no_error_and_has_no_barrier(
    browser: Any, address: str, page: str
) -> None:
    look_at(browser, address, page)
