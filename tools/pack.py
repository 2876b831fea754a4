"""Pack the site for places without network, all editions in one file: ``make zip``."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "_build"
TARGET = BUILD / "lossbook.zip"
#: The line that offers the book to take away: who unpacks the file has it.
OFFER = re.compile(r'<p class="take-away">.*?</p>')


def pack(site: Path, target: Path) -> None:
    """Write the site into a ZIP file, without what only a host shows."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != "404.html":
                name = (Path("lossbook") / path.relative_to(site)).as_posix()
                if path.name == "index.html":
                    page = OFFER.sub("", path.read_text(encoding="utf-8"))
                    archive.writestr(name, page, zipfile.ZIP_DEFLATED)
                else:
                    archive.write(path, name)


def main() -> None:
    """Pack what was built."""
    pack(BUILD / "html", TARGET)
    print(f"Wrote _build/{TARGET.name}. Unpack it and open lossbook/index.html.")


if __name__ == "__main__":
    main()
