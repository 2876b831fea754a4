"""The losses of the book, one module each."""

from lossbook.losses.binary_crossentropy import binary_crossentropy
from lossbook.losses.binary_focal_crossentropy import binary_focal_crossentropy
from lossbook.losses.categorical_crossentropy import categorical_crossentropy
from lossbook.losses.categorical_focal_crossentropy import categorical_focal_crossentropy
from lossbook.losses.categorical_hinge import categorical_hinge
from lossbook.losses.gaussian_negative_log_likelihood import gaussian_negative_log_likelihood
from lossbook.losses.hinge import hinge
from lossbook.losses.huber import huber
from lossbook.losses.log_cosh import log_cosh
from lossbook.losses.mean_absolute_error import mean_absolute_error
from lossbook.losses.mean_squared_error import mean_squared_error
from lossbook.losses.pearson_correlation import pearson_correlation, pearson_correlation_loss
from lossbook.losses.pinball import pinball
from lossbook.losses.poisson import poisson
from lossbook.losses.sparse_categorical_crossentropy import sparse_categorical_crossentropy
from lossbook.losses.squared_hinge import squared_hinge

__all__ = [
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "gaussian_negative_log_likelihood",
    "hinge",
    "huber",
    "log_cosh",
    "mean_absolute_error",
    "mean_squared_error",
    "pearson_correlation",
    "pearson_correlation_loss",
    "pinball",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]
