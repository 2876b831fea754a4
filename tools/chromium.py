"""Where Chromium is on this machine: for the PDF, the tests and Lighthouse."""

from __future__ import annotations

import shutil

#: Debian's name, Ubuntu's, and that of the browser made of it.
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
