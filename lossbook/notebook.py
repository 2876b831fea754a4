"""What the book's notebooks share: how figures look, and how a number reaches the text.

It needs matplotlib and IPython, which come with ``pip install ".[notebooks]"`` in the repository.
The losses need neither, so nothing else in the package imports this module.
"""

from __future__ import annotations

from typing import Any

__all__ = ["COLORS", "glue", "use_book_style"]

#: The book's palette (Okabe and Ito, 2008): told apart by color-blind readers, and in gray.
COLORS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#A6568C",
    "orange": "#C98500",
    "ink": "#2B2B2B",
    "gray": "#767676",
}

_STYLE: Any = {
    "figure.figsize": (6.4, 3.6),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.edgecolor": COLORS["gray"],
    "axes.labelcolor": COLORS["ink"],
    "axes.titlecolor": COLORS["ink"],
    "axes.titlesize": "medium",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "text.color": COLORS["ink"],
    "xtick.color": COLORS["ink"],
    "ytick.color": COLORS["ink"],
    "font.size": 11,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "svg.fonttype": "path",
    "svg.hashsalt": "lossbook",
}


def use_book_style() -> None:
    """Draw the figures of this notebook as the book does: as SVG, the same at every run.

    Each has a PNG beside it, for programs that show no SVG of a notebook they do not trust.

    Examples
    --------
    >>> from lossbook.notebook import use_book_style
    >>> use_book_style()
    """
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    # Line styles beside colors, so that color is never the only carrier.
    names = ("blue", "vermilion", "green", "purple", "orange")
    cycle = cycler(color=[COLORS[name] for name in names]) + cycler(
        linestyle=["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]
    )
    mpl.rcParams.update(_STYLE)
    mpl.rcParams["axes.prop_cycle"] = cycle
    # Without its date and its writer's version a figure depends on nothing but what it shows.
    metadata = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", "png", metadata=metadata)  # type: ignore[no-untyped-call]


def glue(name: str, value: Any) -> None:
    """Store a value in this notebook's output, so that a page of the book can quote it.

    Parameters
    ----------
    name : str
        The key by which a page asks for the value.
    value : number or str
        What the page prints. Of a float, ten digits are stored.

    Raises
    ------
    TypeError
        If `value` is no single number or string.

    Examples
    --------
    >>> from lossbook.notebook import glue
    >>> glue("answer", 42)  # doctest: +SKIP
    """
    from IPython.display import display

    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float):
        # The last digits of a training run differ from one processor to the next.
        plain = float(f"{plain:.10g}")
    if not isinstance(plain, bool | int | float | str):
        raise TypeError(f"value is {plain!r}; expected a single number or a string to quote")
    # The format that MyST-NB reads; defined here so that learners need not install it.
    prefix = "application/papermill.record/"
    display(  # type: ignore[no-untyped-call]
        {f"{prefix}text/plain": repr(plain)},
        metadata={"scrapbook": {"name": name, "mime_prefix": prefix}},
        raw=True,
    )
