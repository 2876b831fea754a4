"""Loss functions that can be trusted to the last digit.

>>> import lossbook as lb
>>> lb.mean_squared_error([1.0, 2.0, 3.0], [1.0, 2.0, 5.0])
1.3333333333333333
>>> lb.binary_crossentropy([1, 0], [0.9, 0.2], reduction="none").round(6).tolist()
[0.105361, 0.223144]
"""

from lossbook.engine import Loss
from lossbook.information_theory import cross_entropy, entropy, information, kl_divergence
from lossbook.losses import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    gaussian_negative_log_likelihood,
    hinge,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_squared_error,
    pearson_correlation,
    pearson_correlation_loss,
    pinball,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from lossbook.probabilities import (
    clip_probabilities,
    log_softmax,
    one_hot,
    sigmoid,
    smooth_labels,
    softmax,
)
from lossbook.samples import compute_sample_weight, drop_missing

#: Every loss of the package, in the order of the book.
LOSSES: tuple[Loss, ...] = (
    mean_squared_error,
    mean_absolute_error,
    huber,
    log_cosh,
    pinball,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
    hinge,
    squared_hinge,
    categorical_hinge,
    binary_focal_crossentropy,
    categorical_focal_crossentropy,
    gaussian_negative_log_likelihood,
    poisson,
)

__all__ = [
    "LOSSES",
    "Loss",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "clip_probabilities",
    "compute_sample_weight",
    "cross_entropy",
    "drop_missing",
    "entropy",
    "gaussian_negative_log_likelihood",
    "hinge",
    "huber",
    "information",
    "kl_divergence",
    "log_cosh",
    "log_softmax",
    "mean_absolute_error",
    "mean_squared_error",
    "one_hot",
    "pearson_correlation",
    "pearson_correlation_loss",
    "pinball",
    "poisson",
    "sigmoid",
    "smooth_labels",
    "softmax",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]
__version__ = "0.1.0"
