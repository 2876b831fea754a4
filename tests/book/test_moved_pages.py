"""An address that has been published keeps leading to what stood there."""

from __future__ import annotations

import mimetypes
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.conftest import MOVED, SITE, soup

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ["", *(f"{path.name}/" for path in (ROOT / "locale").iterdir() if path.is_dir())]
ENTRY = re.compile(r"(?:file|root): (\S+)")


def every_old_address(test: Any) -> Any:
    """Try a test with each old address of each edition."""
    return pytest.mark.parametrize("edition", EDITIONS)(
        pytest.mark.parametrize("page", MOVED)(test)
    )


def test_every_page_that_the_contents_ever_named_is_there_or_has_moved() -> None:
    today = set(ENTRY.findall((ROOT / "_toc.yml").read_text(encoding="utf-8")))
    told = subprocess.run(  # in a copy without its history nothing is known to be gone
        ["git", "-C", ROOT, "log", "--format=", "--patch", "--", "_toc.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    removed = {
        page for line in re.findall("^-.*", told.stdout, re.M) for page in ENTRY.findall(line)
    }
    gone = removed - today - set(MOVED)
    assert not gone, f"name in moved_pages of _config.yml where they are now: {sorted(gone)}"
    assert set(MOVED.values()) <= today
    assert not today & set(MOVED)


@every_old_address
def test_without_script_the_links_of_an_old_address_lead_to_places_that_are_there(
    edition: str, page: str
) -> None:
    path = SITE / edition / f"{page}.html"
    links = soup(path).select(".moved a[data-place]")
    assert (path.parent / links[0]["href"]).resolve() == SITE / edition / f"{MOVED[page]}.html"
    for link in links:
        file, _, place = link["href"].partition("#")
        assert soup((path.parent / file).resolve()).find(id=unquote(place or link["data-place"]))


@every_old_address
def test_a_reader_is_led_on_from_an_old_address_and_from_a_place_in_it(
    view: Any, address: str, edition: str, page: str
) -> None:
    old = edition + page
    links = soup(f"{old}.html").select(".moved a[data-place]")
    first = links[0]["href"]
    # The page, each page that it has been split into, some places in these, and one that is gone.
    ways = {"": first, "#no-such-place": f"{first}#no-such-place"}
    ways |= {f"#{link['data-place']}": link["href"] for link in links if "#" not in link["href"]}
    ways |= {f"#{link['data-place']}": link["href"] for link in links[1::20]}
    view.route(lambda url: url.partition("#")[0] != f"{address}{old}.html", answer_nothing)
    view.goto(f"{address}index.html")
    for place, way in ways.items():
        view.goto(f"{address}{old}.html{place}", wait_until="commit")
        there = f"{address}{old.rpartition('/')[0]}/{way}"
        view.wait_for_url(there)
        view.go_back()
        assert view.url == f"{address}index.html", "one way back leads past the old address"
    view.unroute_all()


def answer_nothing(route: Any) -> None:
    """Give an empty file: that the places are there is known, and to lay out pages takes long."""
    kind, _ = mimetypes.guess_type(urlsplit(route.request.url).path)
    route.fulfill(body="", content_type=kind or "text/plain")


def test_the_package_s_page_has_been_split_and_its_names_are_found_again(
    view: Any, address: str
) -> None:
    for name, page in {
        "lossbook.huber": "losses_of_errors",
        "lossbook.poisson": "losses_of_counts_and_spreads",
        "lossbook.softmax": "helpers",
        "information": "helpers",
        "lossbook.Loss.gradient": "index",
        "module-lossbook.datasets": "datasets",
    }.items():
        view.goto(f"{address}chapters/api.html#{name}", wait_until="commit")
        view.wait_for_url(f"{address}chapters/api/{page}.html#{name}")
        assert view.locator(f"[id='{name}']").count() == 1
