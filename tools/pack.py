"""Pack the site for places without network, all editions in one file: ``make zip``."""

from __future__ import annotations

import zipfile
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "_build"


def pack(site: Path, target: Path) -> None:
    """Write the site into a ZIP file, without the page that only a host shows."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != "404.html":
                archive.write(path, Path("lossbook") / path.relative_to(site))


def main() -> None:
    """Pack what was built."""
    target = BUILD / "lossbook.zip"
    pack(BUILD / "html", target)
    print(f"Wrote _build/{target.name}. Unpack it and open lossbook/index.html.")


if __name__ == "__main__":
    main()
