r"""Evaluate the LaTeX of the book's formulas: sums over samples and classes, logs, fractions.

This is no general reader of LaTeX. It knows what the chapters use, and refuses anything else, so
that a formula is never half understood. Symbols take their values from a dictionary: a number for
``m`` and ``n_{\text{below}}``, a dictionary from indices to numbers for ``t_i`` and ``y_{ij}``, a
function for ``p(t_i)``. A letter that stands alone and with indices has both in a `Letter`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

_PART = r"\\partial [a-zA-Z](?:_\w|_\{\w+\})?"
#: A derivative is a symbol of its own.
DERIVATIVE = rf"\\frac\{{{_PART}\}}\{{{_PART}\}}"
_TOKEN = re.compile(
    rf"\s+|(?P<token>{DERIVATIVE}|\\(?:begin|end)\{{cases\}}|\\\\|&|"
    r"\\text\{[^}]*\}|\\(?:bar|tilde) [a-z]|\\log_2|\\[a-zA-Z]+|\\,"
    r"|\d+(?:\.\d+)?|[a-zA-Z]'?|[-+^_=|(){}\[\],<>/!])"
)
_CONSTANTS = {"\\pi": math.pi, "e": math.e, "\\infty": math.inf}
_GREEK = {"\\alpha", "\\beta", "\\delta", "\\eta", "\\gamma", "\\kappa"}
_GREEK |= {"\\lambda", "\\sigma", "\\tau", "\\theta"}
#: Letters that can name functions; where one is a number, it is multiplied by the bracket.
_FUNCTIONS = {"f", "p", "l", "I", "\\sigma", "\\text{sigmoid}"}
#: What ends a product.
_ENDS = {"", "+", "-", ")", "]", "}", ",", "\\cdot", "^", "_", "\\rceil", "!"}
_ENDS |= {"&", "\\\\", "\\end{cases}"}
#: What may stand between two sides, with the tokens that mean it.
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12),
    "\\approx": lambda a, b: math.isclose(a, b, rel_tol=0.01),
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "\\leq": lambda a, b: a <= b * (1 + 1e-12) + 1e-15,
    "\\geq": lambda a, b: a >= b * (1 - 1e-12) - 1e-15,
}

#: A parsed formula: a function of the values of its symbols.
Value = Callable[[dict[str, Any]], float]


class Letter(float):
    """A number for a letter that stands alone, with the numbers for the letter with indices."""

    def __new__(cls, alone: float, indexed: Mapping[tuple[int, ...], float]) -> Letter:
        """Take the number and the dictionary."""
        letter = super().__new__(cls, alone)
        letter.indexed = indexed  # type: ignore[attr-defined]
        return letter

    def __getitem__(self, index: tuple[int, ...]) -> float:
        """Return the number of an index."""
        return self.indexed[index]  # type: ignore[attr-defined]


def sides(latex: str) -> list[Value]:
    """Return what stands between the equality signs, each as a function of a dictionary."""
    parser = _Parser(latex)
    found = [parser.sum()]
    while parser.take("="):
        found.append(parser.sum())
    parser.expect("")
    return found


def chain(latex: str) -> tuple[list[Value], list[str]]:
    """Return all sides of a formula, and the relations between them."""
    parser = _Parser(latex)
    values, relations = [parser.sum()], []
    while parser.next() in RELATIONS:
        relations.append(parser.next())
        parser.place += 1
        values.append(parser.sum())
    parser.expect("")
    return values, relations


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
        terms = [self.product()]
        while self.next() in ("+", "-"):
            negative = self.take("-") or not self.take("+")
            term = self.product()
            terms.append((lambda v, t=term: -t(v)) if negative else term)
        return lambda v: math.fsum(term(v) for term in terms)

    def product(self) -> Value:
        self.take("\\pm")  # the size of what has either sign
        sign = -1.0 if self.take("-") else 1.0
        factors = [self.power()]
        while True:
            if self.take("/"):
                divisor = self.power()
                factors.append(lambda v, d=divisor: 1.0 / d(v))
            elif self.take("\\cdot") or self._starts():
                factors.append(self.power())
            else:
                break

        def value(v: dict[str, Any]) -> float:
            found = [factor(v) for factor in factors]
            return 0.0 if 0.0 in found else sign * math.prod(found)  # 0 log 0 is 0

        return value

    def _starts(self) -> bool:
        token = self.next()
        if token == "|":
            return self.bars == 0
        return token not in _ENDS and token not in RELATIONS

    def power(self) -> Value:
        base = self.atom()
        if self.take("!"):
            return lambda v: math.gamma(base(v) + 1.0)
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
        if token == "{":  # braces that only forbid to break the line
            self.place -= 1
            return self.group()
        if token == "(":
            bars, self.bars = self.bars, 0
            inner = self.sum()
            self.expect(")")
            self.bars = bars
            return inner
        if token == "[":  # 1 where the statement in it is true, else 0
            left, relation = self.sum(), RELATIONS[self.next()]
            self.place += 1
            right = self.sum()
            self.expect("]")
            return lambda v: float(relation(left(v), right(v)))
        if token == "|":
            self.bars += 1
            inner = self.sum()
            self.expect("|")
            self.bars -= 1
            return lambda v: abs(inner(v))
        if token.startswith("\\frac{\\partial"):
            return lambda v: v[token](v) if callable(v[token]) else v[token]
        if token in ("\\frac", "\\dfrac"):
            above, below = self.group(), self.group()
            return lambda v: above(v) / below(v)
        if token == "\\sqrt":
            inner = self.group()
            return lambda v: math.sqrt(inner(v))
        if token in ("\\log", "\\log_2"):
            inner = self.power()
            unit = 1.0 if token == "\\log" else math.log(2.0)
            return lambda v: (math.log(x) if (x := inner(v)) else -math.inf) / unit
        if token == "\\lceil":
            inner = self.sum()
            self.expect("\\rceil")
            return lambda v: math.ceil(inner(v))
        if token in ("\\sinh", "\\cosh", "\\tanh"):
            inner, of = self.power(), getattr(math, token[1:])
            return lambda v: of(inner(v))
        if token == "\\begin{cases}":
            return self.cases()
        if token in ("\\max", "\\min"):
            of_two = max if token == "\\max" else min
            if self.next() == "_":  # over all that there are
                return self.series(of_two)
            self.expect("(")
            first = self.sum()
            self.expect(",")
            second = self.sum()
            self.expect(")")
            return lambda v: of_two(first(v), second(v))
        if token in ("\\sum", "\\prod"):
            return self.series(math.fsum if token == "\\sum" else math.prod)
        named = token.startswith(("\\text", "\\bar", "\\tilde"))
        if named or re.fullmatch(r"[a-zA-Z]'?", token) or token in _GREEK or token in _CONSTANTS:
            return self.symbol(token)
        raise ValueError(f"cannot read {token!r} in {self.latex!r}")

    def series(self, combine: Callable[[Any], float]) -> Value:
        self.expect("_")
        if not self.take("{"):  # over all that there are
            index, skipped = self.next(), ""
            self.place += 1
        else:
            index = self.next()
            self.place += 1
            if self.take("\\neq"):
                skipped = self.next()
                self.place += 1
                self.expect("}")
            else:
                self.expect("=")
                start = self.sum()
                self.expect("}")
                self.expect("^")
                stop = self.group()
                body = self.product()
                return lambda v: combine(
                    body({**v, index: n}) for n in range(round(start(v)), round(stop(v)) + 1)
                )
        body = self.product()
        return lambda v: combine(
            body({**v, index: n})
            for n in v["range"][index]
            if n != (v[skipped] if skipped else None)
        )

    def cases(self) -> Value:
        """Return what one of several lines says: the first whose condition holds."""
        lines: list[tuple[Value, Callable[[dict[str, Any]], bool]]] = []
        while not self.take("\\end{cases}"):
            value = self.sum()
            self.expect("&")
            left, relation = self.sum(), RELATIONS[self.next()]
            self.place += 1
            right = self.sum()
            lines.append((value, lambda v, a=left, r=relation, b=right: r(a(v), b(v))))
            self.take("\\\\")
        return lambda v: next(value(v) for value, holds in lines if holds(v))

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
        if self.next() == "(" and name in _FUNCTIONS:
            self.expect("(")
            arguments = [self.sum()]
            while self.take(","):
                arguments.append(self.sum())
            self.expect(")")
            return lambda v: (
                v[name](v, *(argument(v) for argument in arguments))
                if callable(v[name])
                else v[name] * arguments[0](v)
            )
        return lambda v: _CONSTANTS[name] if name in _CONSTANTS else v[name]
