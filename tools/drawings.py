"""Compare two SVG figures as drawings, and write one in its normal form.

A figure's coordinates come out of floating-point arithmetic, whose last digits depend on the
processor. So two figures draw the same if they have the same elements, styles and texts in the same
order, and if their coordinates agree to a hundredth of a point, which no reader can see.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from itertools import zip_longest

from PIL import Image, ImageChops

#: How far two coordinates may be apart, in points.
TOLERANCE = 0.01
#: How far two pixels of an image in a figure may be apart, where a color has 256 steps.
STEPS = 1

#: Where coordinates stand. Everything else, such as a style or a factor of `scale`, is text.
COORDINATES = re.compile(
    r'(?<= )(?:d|x|y|width|height|viewBox|points)="[^"]*"|(?:translate|rotate)\([^()]*\)'
)
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
IMAGE = re.compile(r"(?<=data:image/png;base64,)[^\"]*")
#: How many colors the picture beside a figure keeps, and how far one may be from what is drawn.
COLORS, BLUR = 32, 64
#: What matplotlib names by a hash of all digits, such as `p10bac0ffee` or `C0_0_10bac0ffee`.
HASHED = re.compile(r"(\w*?)[0-9a-f]{10}")
HOLE = "\0"


def difference(stored: str, drawn: str) -> str | None:
    """Return the first difference between two figures that a reader could see, or None.

    Parameters
    ----------
    stored, drawn : str
        The two figures, as SVG.

    Returns
    -------
    str or None
        In one line, where they differ and how.
    """
    outline, coordinates, images = _taken_apart(stored)
    outline_drawn, coordinates_drawn, images_drawn = _taken_apart(drawn)
    if outline != outline_drawn:
        lines = zip_longest(outline.splitlines(), outline_drawn.splitlines(), fillvalue="no more")
        above = ""
        for old, new in lines:
            if old != new:
                return f"{_place(above)}: stored is {_shown(old)!r}, drawn is {_shown(new)!r}"
            above += old
    for number, (old, new) in enumerate(zip(coordinates, coordinates_drawn, strict=True), 1):
        if not abs(old - new) <= TOLERANCE:
            above = HOLE.join(outline.split(HOLE)[:number])
            return f"{_place(above)}: stored is the coordinate {old:g}, drawn is {new:g}"
    for number, (old, new) in enumerate(zip(images, images_drawn, strict=True), 1):
        if _apart(*(_image(png).convert("RGBA") for png in (old, new))) > STEPS:
            return f"image {number}: stored are other pixels than drawn"
    return None


def texts(svg: str) -> list[str]:
    """Return the texts of a figure, in order: all versions of matplotlib write them as comments."""
    return re.findall(r"<!-- (.*?) -->", svg, flags=re.DOTALL)


def normal(svg: str) -> str:
    """Return a figure whose coordinates have two decimals, and none is a negative zero.

    The names that matplotlib makes from all digits are made anew, from what they name.
    """
    svg = COORDINATES.sub(lambda found: NUMBER.sub(_rounded, found[0]), svg)
    names = {}
    for element in ET.fromstring(svg).iter():
        if found := HASHED.fullmatch(element.attrib.pop("id", "")):
            element.tail = None
            names[found[0]] = found[1] + hashlib.sha256(ET.tostring(element)).hexdigest()[:10]
    return _renamed(svg, names)


def small(png: str) -> str:
    """Return the picture beside a figure on white, in few colors; such a one is left as it is.

    Programs that do not trust a notebook show no SVG. The picture is for them alone.

    Parameters
    ----------
    png : str
        The PNG, in base64.
    """
    image = _image(png)
    if image.mode == "P":
        return png
    image = image.convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    image.quantize(COLORS).save(written := io.BytesIO(), format="png", optimize=True)
    return base64.b64encode(written.getvalue()).decode()


def same_picture(stored: str, drawn: str) -> bool:
    """Return whether the picture stored beside a figure is a small one of what is drawn now."""
    return (
        bool(stored)
        and _apart(*(_image(small(png)).convert("RGB") for png in (stored, drawn))) <= BLUR
    )


def _rounded(number: re.Match[str]) -> str:
    # To add zero turns the negative zero into the positive one.
    return f"{round(float(number[0]), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _renamed(svg: str, names: dict[str, str]) -> str:
    """Return a figure with other names, both where they are given and where they are used."""
    return re.sub(r'(?<=["#])\w+(?=[")])', lambda found: names.get(found[0], found[0]), svg)


def _taken_apart(svg: str) -> tuple[str, list[float], list[str]]:
    """Return a figure with holes for its coordinates and images, and what belongs there."""
    images = IMAGE.findall(svg)
    svg = IMAGE.sub(HOLE, svg)
    coordinates = [
        float(number) for found in COORDINATES.findall(svg) for number in NUMBER.findall(found)
    ]
    svg = COORDINATES.sub(lambda found: NUMBER.sub(HOLE, found[0]), svg)
    # A name made from digits becomes one made from its place.
    hashed = dict.fromkeys(filter(HASHED.fullmatch, re.findall(r'(?<= id=")\w+(?=")', svg)))
    names = {name: f"name-{number}" for number, name in enumerate(hashed)}
    return _renamed(svg, names), coordinates, images


def _image(png: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png)))


def _apart(one: Image.Image, other: Image.Image) -> int:
    """Return how many steps of a color two images are apart where they differ most."""
    if one.size != other.size:
        return 256
    return max(most for _, most in ImageChops.difference(one, other).getextrema())


def _place(above: str) -> str:
    """Return the name of the element that stands last in the beginning of a figure."""
    return ["the figure", *re.findall(r'<g id="([^"]*)"', above)][-1]


def _shown(line: str) -> str:
    return line.strip().replace(HOLE, "…")
