"""Binary focal cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from lossbook.checks import HARD_LABEL, LOGIT, PROBABILITY, Array, as_number
from lossbook.engine import Loss
from lossbook.kernels import minus_log_difference, surprise_and_other, times
from lossbook.properties import Properties

__all__ = ["Focal", "binary_focal_crossentropy", "steepest_slope"]


class Focal(Loss):
    """What the focal losses share: their parameters."""

    chapter = "focal"
    rounds_often = True
    alpha = 0.25
    gamma = 2.0

    def check_parameters(self) -> None:
        """Raise an error unless gamma is from 0 and alpha from 0 to 1."""
        self.gamma = as_number(self.gamma, "gamma", "from 0: `gamma = 2.0`")
        self.alpha = as_number(self.alpha, "alpha", "between 0 and 1: `alpha = 0.25`")
        if not 0.0 <= self.gamma < math.inf:
            raise ValueError(
                f"gamma is {self.gamma!r}; expected a finite number from 0, which leaves the "
                f"cross-entropy: `gamma = 0.0`"
            )
        if not 0.0 < self.alpha <= 1.0:
            raise ValueError(
                f"alpha is {self.alpha!r}; expected a weight greater than 0 and at most 1: "
                f"`alpha = 0.25`"
            )


@cache
def steepest_slope(gamma: float) -> float:
    """Return the largest slope of (1 - p)^gamma times -log p, for p the sigmoid of m.

    It is a maximum over m, which a grid finds that is made finer around the largest.
    """
    m = np.linspace(-60.0, 10.0, 7001)
    for _ in range(3):
        with np.errstate(under="ignore"):  # far from the largest
            surprise, q = surprise_and_other(m)
            slopes = q**gamma * (gamma * np.exp(-surprise) * surprise + q)
        best = float(m[slopes.argmax()])
        m = best + np.linspace(-1.0, 1.0, 2001) * (m[1] - m[0])
    return float(slopes.max())


class BinaryFocal(Focal):
    """What the two binary focal losses share: the weights of the labels."""

    y_true = HARD_LABEL
    parameters = ("apply_class_balancing", "alpha", "gamma")
    apply_class_balancing = False

    def check_parameters(self) -> None:
        """Raise an error unless class balancing is on or off, and the numbers have a meaning."""
        super().check_parameters()
        if not isinstance(self.apply_class_balancing, bool | np.bool_):
            raise TypeError(
                f"apply_class_balancing is {self.apply_class_balancing!r}; expected True or "
                f"False: `apply_class_balancing = True`"
            )

    def weight(self, t: Array) -> Any:
        """Return alpha for the label 1 and 1 - alpha for 0, if the classes are balanced."""
        return np.where(t == 1.0, self.alpha, 1.0 - self.alpha) if self.apply_class_balancing else 1

    def largest_weight(self) -> float:
        """Return the larger of both weights."""
        return max(self.alpha, 1.0 - self.alpha) if self.apply_class_balancing else 1.0


class BinaryFocalCrossentropyFromLogits(BinaryFocal):
    r"""Binary focal cross-entropy of logits: numbers whose sigmoid is the predicted probability.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} (1 - p_i)^\gamma \log p_i, \quad
              p_i = \frac{1}{1 + e^{-m_i}}, \quad m_i = (2 t_i - 1) z_i

    Every element is one sample. `y_true` holds labels 0 and 1; `y_pred` holds logits, which may be
    infinite. The loss is in nats, and called as `binary_focal_crossentropy` is, with the same
    parameters. It is not convex.

    Examples
    --------
    >>> import lossbook as lb
    >>> loss = lb.binary_focal_crossentropy.from_logits
    >>> loss([1, 0], [2.0, -20.0], reduction="none").round(6).tolist()
    [0.001804, 0.0]
    >>> loss.gradient([1], [-20.0]).round(6).tolist()
    [-1.0]
    """

    name = "binary_focal_crossentropy.from_logits"
    y_pred = LOGIT

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its parameters."""
        return Properties(
            convex=self.gamma == 0.0,
            lipschitz=self.largest_weight() * steepest_slope(self.gamma),
            symmetric=False,
            differentiable=True,
            best_constant="log odds of the base rate, drawn towards 0",
            noise_model="none",
        )

    def per_sample(self, t: Array, z: Array) -> Array:
        surprise, q = surprise_and_other((2.0 * t - 1.0) * z)
        return times(self.weight(t) * q**self.gamma, surprise)

    def derivative(self, t: Array, z: Array) -> Array:
        sign = 2.0 * t - 1.0
        surprise, q = surprise_and_other(sign * z)
        p = np.exp(-surprise)
        slopes = -(q**self.gamma) * (self.gamma * times(p, surprise) + q)
        return self.weight(t) * sign * slopes


class BinaryFocalCrossentropy(BinaryFocal):
    r"""Binary focal cross-entropy: the surprise of labels, less of what is predicted well.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} (1 - p_i)^\gamma \log p_i, \quad
              p_i = t_i y_i + (1 - t_i)(1 - y_i)

    Every element is one sample. `y_true` holds labels 0 and 1; `y_pred` holds probabilities of the
    class 1. Both have the same shape. The loss is in nats. It is called as described in
    `Loss.__call__`; `from_logits` is the same loss of logits.

    Parameters
    ----------
    apply_class_balancing : bool, default False
        Whether the labels 1 have the weight `alpha`, and the labels 0 the weight 1 - `alpha`.
    alpha : float, default 0.25
        The weight of the labels 1, between 0 and 1; without class balancing it does nothing.
    gamma : float, default 2.0
        How much less a well predicted label counts, from 0, which leaves the cross-entropy.

    Notes
    -----
    Names and defaults are those of Keras. With gamma beyond 0 the honest probability is not the one
    that costs least [1]_: the best constant lies between the base rate and one half. Labels between
    0 and 1 are refused, because libraries do not agree on what they cost.

    A power multiplies the rounding error of what it is taken of: in float64 the relative error is
    at most 1e-15 for gamma up to 2, and 2e-15 from logits. It grows by 5e-16 with each 1 beyond.

    References
    ----------
    .. [1] Nontawat Charoenphakdee and others, "On focal loss for class-posterior probability
       estimation: a theoretical perspective", IEEE Conference on Computer Vision and Pattern
       Recognition 2021, 5202-5211.

    Examples
    --------
    >>> import lossbook as lb
    >>> t, y = [1, 0], [0.5, 0.1]
    >>> lb.binary_focal_crossentropy(t, y, reduction="none").round(6).tolist()
    [0.173287, 0.001054]
    >>> focal = lb.binary_focal_crossentropy
    >>> balanced = focal.with_parameters(apply_class_balancing=True)
    >>> balanced(t, y, reduction="none").round(6).tolist()
    [0.043322, 0.00079]
    """

    name = "binary_focal_crossentropy"
    y_pred = PROBABILITY

    @property
    def properties(self) -> Properties:
        """What is true of the loss with its parameters."""
        return Properties(
            convex=True,
            lipschitz=math.inf,
            symmetric=False,
            differentiable=True,
            best_constant="base rate, drawn towards one half",
            noise_model="none",
        )

    @property
    def from_logits(self) -> BinaryFocalCrossentropyFromLogits:
        """The same loss of logits."""
        return _FROM_LOGITS.with_parameters(**self._own_parameters())

    def per_sample(self, t: Array, y: Array) -> Array:
        q = np.abs(t - y)  # 1 - p, the probability of the other class
        return times(self.weight(t) * q**self.gamma, minus_log_difference(1.0 - t, y))

    def derivative(self, t: Array, y: Array) -> Array:
        q, p = np.abs(t - y), np.abs((1.0 - t) - y)
        surprise = minus_log_difference(1.0 - t, y)
        slopes = -(q**self.gamma) * (self.gamma * (surprise / q) + 1.0 / p)
        return times(self.weight(t) * (2.0 * t - 1.0), slopes)

    def limit(self, t: Array, y: Array) -> Array:
        # At p = 1, the quotient of surprise and q is 1; at p = 0 the other term is infinite.
        q, p = np.abs(t - y), np.abs((1.0 - t) - y)
        at_end = -(q**self.gamma) * (self.gamma + 1.0 / p)
        return times(self.weight(t) * (2.0 * t - 1.0), at_end)


_FROM_LOGITS = BinaryFocalCrossentropyFromLogits()
binary_focal_crossentropy = BinaryFocalCrossentropy()
