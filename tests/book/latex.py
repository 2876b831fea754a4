r"""Evaluate the LaTeX of the book's formulas: sums over samples and classes, logs, fractions.

This is no general reader of LaTeX. It knows what the chapters use, and refuses anything else, so
that a formula is never half understood. Symbols take their values from a dictionary: a number for
``m`` and ``n_{\text{below}}``, a dictionary from indices to numbers for ``t_i`` and ``y_{ij}``, a
function for ``p(t_i)``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(
    r"\s+|(?P<token>\\text\{[^}]*\}|\\(?:bar|tilde) [a-z]|\\[a-zA-Z]+|\\,"
    r"|\d+(?:\.\d+)?|[a-zA-Z]'?|[-+^_=|(){},<>])"
)
_CONSTANTS = {"\\pi": math.pi, "e": math.e}
_GREEK = {"\\alpha", "\\beta", "\\delta", "\\eta", "\\lambda", "\\sigma", "\\tau"}

#: A parsed formula: a function of the values of its symbols.
Value = Callable[[dict[str, Any]], float]


def sides(latex: str) -> list[Value]:
    """Return what stands between the equality signs, each as a function of a dictionary."""
    parser = _Parser(latex)
    found = [parser.sum()]
    while parser.take("="):
        found.append(parser.sum())
    parser.expect("")
    return found


def right_side(latex: str) -> Value:
    """Return what stands behind the first equality sign; what is defined stands before it."""
    return sides(latex.split("=", 1)[1])[0] if "=" in latex else sides(latex)[0]


class _Parser:
    def __init__(self, latex: str) -> None:
        text = latex.replace("\\left", "").replace("\\right", "").replace("\\,", " ")
        self.tokens, at = [], 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise ValueError(f"cannot read {text[at:]!r} in {latex!r}")
            if match["token"]:
                self.tokens.append(match["token"])
            at = match.end()
        self.latex, self.place, self.bars = latex, 0, 0

    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, token: str) -> bool:
        if self.next() != token:
            return False
        self.place += 1
        return True

    def expect(self, token: str) -> None:
        if not (self.take(token) if token else self.place == len(self.tokens)):
            raise ValueError(
                f"expected {token or 'the end'!r} at {self.next()!r} in {self.latex!r}"
            )

    def sum(self) -> Value:
        first = self.product()
        terms = [first]
        while self.next() in ("+", "-"):
            negative = self.take("-") or not self.take("+")
            term = self.product()
            terms.append((lambda v, t=term: -t(v)) if negative else term)
        return lambda v: math.fsum(term(v) for term in terms)

    def product(self) -> Value:
        negative = self.take("-")
        factors = [self.power()]
        while self.take("\\cdot") or self._starts():
            factors.append(self.power())
        return lambda v: (-1.0 if negative else 1.0) * math.prod(factor(v) for factor in factors)

    def _starts(self) -> bool:
        token = self.next()
        if token == "|":
            return self.bars == 0
        return token not in ("", "+", "-", "=", ")", "}", ",", "<", ">", "\\cdot", "^", "_")

    def power(self) -> Value:
        base = self.atom()
        if not self.take("^"):
            return base
        exponent = self.group()
        return lambda v: base(v) ** exponent(v)

    def group(self) -> Value:
        if self.take("{"):
            inner = self.sum()
            self.expect("}")
            return inner
        return self.atom()

    def atom(self) -> Value:
        token = self.next()
        self.place += 1
        if re.fullmatch(r"\d+(?:\.\d+)?", token):
            return lambda _: float(token)
        if token == "(":
            bars, self.bars = self.bars, 0
            inner = self.sum()
            self.expect(")")
            self.bars = bars
            return inner
        if token == "|":
            self.bars += 1
            inner = self.sum()
            self.expect("|")
            self.bars -= 1
            return lambda v: abs(inner(v))
        if token == "\\frac":
            above, below = self.group(), self.group()
            return lambda v: above(v) / below(v)
        if token == "\\sqrt":
            inner = self.group()
            return lambda v: math.sqrt(inner(v))
        if token == "\\log":
            inner = self.power()
            return lambda v: math.log(inner(v))
        if token == "\\max":
            self.expect("(")
            first = self.sum()
            self.expect(",")
            second = self.sum()
            self.expect(")")
            return lambda v: max(first(v), second(v))
        if token in ("\\sum", "\\prod"):
            return self.series(math.fsum if token == "\\sum" else math.prod)
        named = token.startswith(("\\text", "\\bar", "\\tilde"))
        if named or re.fullmatch(r"[a-zA-Z]'?", token) or token in _GREEK or token in _CONSTANTS:
            return self.symbol(token)
        raise ValueError(f"cannot read {token!r} in {self.latex!r}")

    def series(self, combine: Callable[[Any], float]) -> Value:
        self.expect("_")
        self.expect("{")
        index = self.next()
        self.place += 1
        self.expect("=")
        start = self.sum()
        self.expect("}")
        self.expect("^")
        stop = self.group()
        body = self.product()
        return lambda v: combine(
            body({**v, index: n}) for n in range(round(start(v)), round(stop(v)) + 1)
        )

    def word(self) -> str:
        """Return the word of an index such as ``_{\\text{below}}``."""
        self.expect("{")
        word = self.next()
        self.place += 1
        self.expect("}")
        return word[len("\\text{") : -1]

    def symbol(self, name: str) -> Value:
        if self.take("_"):
            if "".join(self.tokens[self.place : self.place + 2]).startswith("{\\text"):
                return self.symbol(f"{name}_{self.word()}")
            indices = []
            if self.take("{"):
                while not self.take("}"):
                    indices.append(self.atom())
            else:
                indices.append(self.atom())
            return lambda v: v[name][tuple(round(index(v)) for index in indices)]
        if self.next() == "(" and name in ("p", "l"):
            argument = self.atom()
            return lambda v: v[name](v, argument(v))
        return lambda v: _CONSTANTS[name] if name in _CONSTANTS else v[name]
