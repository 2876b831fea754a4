"""The losses of the book, one module each."""

from lossbook.losses.binary_crossentropy import binary_crossentropy
from lossbook.losses.categorical_crossentropy import categorical_crossentropy
from lossbook.losses.mean_absolute_error import mean_absolute_error
from lossbook.losses.mean_squared_error import mean_squared_error
from lossbook.losses.sparse_categorical_crossentropy import sparse_categorical_crossentropy

__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "mean_absolute_error",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
]
