"""The same losses as other people compute them, each in the way its own documentation shows.

`peers(...)` returns, for one loss on one set of arrays, a function without arguments for every
library that has this loss. Arrays are converted before the clock starts, and a function returns
only when its result is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plain

Call = Callable[[], Any]
Calls = dict[str, Call]

# How the losses are called in the table, whether they take logits, and their samples. What has
# parameters is called without them: those of `plain` are those of the package.
ELEMENTWISE = (
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "log_cosh",
    "pinball",
    "gaussian_negative_log_likelihood",
    "poisson",
    "binary_crossentropy",
    "binary_crossentropy.from_logits",
    "binary_focal_crossentropy",
    "binary_focal_crossentropy.from_logits",
    "hinge",
    "squared_hinge",
)
CATEGORICAL = (
    "categorical_crossentropy",
    "categorical_crossentropy.from_logits",
    "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy.from_logits",
    "categorical_focal_crossentropy",
    "categorical_focal_crossentropy.from_logits",
    "categorical_hinge",
)


def lossbook_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return lossbook's own call."""
    import lossbook

    function: Any = lossbook
    for part in loss.split("."):
        function = getattr(function, part)
    if gradient:
        return {"lossbook": lambda: function.gradient(t, y)}
    return {"lossbook": lambda: function(t, y)}


def numpy_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return the formula as most people would type it."""
    function = getattr(plain, loss.replace(".", "_") + "_gradient" * gradient)
    return {"NumPy": lambda: function(t, y)}


def sklearn_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return scikit-learn's metric; it has no gradients and takes no logits."""
    from sklearn import metrics

    if gradient or ("crossentropy" in loss and y.size > 2_000_000):  # log_loss takes minutes
        return {}
    if loss == "mean_squared_error":
        return {"scikit-learn": lambda: metrics.mean_squared_error(t, y)}
    if loss == "mean_absolute_error":
        return {"scikit-learn": lambda: metrics.mean_absolute_error(t, y)}
    if loss == "pinball":
        return {"scikit-learn": lambda: metrics.mean_pinball_loss(t, y)}
    if loss == "binary_crossentropy":
        return {"scikit-learn": lambda: metrics.log_loss(t, y, labels=[0, 1])}
    if loss == "sparse_categorical_crossentropy":
        classes = np.arange(y.shape[-1])
        return {"scikit-learn": lambda: metrics.log_loss(t, y, labels=classes)}
    return {}


def torch_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return PyTorch's functional loss; its gradient is that of autograd."""
    import torch
    from torch.nn import functional

    t, y = torch.from_numpy(t), torch.from_numpy(y)
    functions: dict[str, Callable[[Any, Any], Any]] = {
        "mean_squared_error": functional.mse_loss,
        "mean_absolute_error": functional.l1_loss,
        "huber": functional.huber_loss,
        "gaussian_negative_log_likelihood": lambda y, t: functional.gaussian_nll_loss(
            y[:, 0], t, torch.exp(y[:, 1])
        ),
        "poisson": functional.poisson_nll_loss,
        "binary_crossentropy": functional.binary_cross_entropy,
        "binary_crossentropy.from_logits": functional.binary_cross_entropy_with_logits,
        "categorical_crossentropy.from_logits": functional.cross_entropy,
        "sparse_categorical_crossentropy": lambda p, k: functional.nll_loss(torch.log(p), k),
        "sparse_categorical_crossentropy.from_logits": functional.cross_entropy,
    }
    if loss not in functions:
        return {}
    function = functions[loss]
    if not gradient:
        return {"PyTorch": lambda: function(y, t).item()}
    y.requires_grad_(True)
    return {"PyTorch": lambda: torch.autograd.grad(function(y, t), y)}


def jax_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return the loss of optax, or where it has none the typed formula, compiled by JAX."""
    import jax
    import jax.numpy as jnp
    import optax

    def picked(p: Any, k: Any) -> Any:
        return jnp.take_along_axis(p, k[:, None], axis=-1)

    def focal(p: Any) -> Any:
        return -jnp.mean((1 - p) ** 2.0 * jnp.log(p))

    def gaussian(y: Any, t: Any) -> Any:
        return jnp.mean((y[:, 1] + (y[:, 0] - t) ** 2 / jnp.exp(y[:, 1])) / 2)

    functions: dict[str, Callable[[Any, Any], Any]] = {
        "mean_squared_error": lambda y, t: jnp.mean(optax.losses.squared_error(y, t)),
        "mean_absolute_error": lambda y, t: jnp.mean(jnp.abs(y - t)),
        "huber": lambda y, t: jnp.mean(optax.losses.huber_loss(y, t)),
        "log_cosh": lambda y, t: jnp.mean(optax.losses.log_cosh(y, t)),
        "pinball": lambda y, t: jnp.mean(jnp.abs(y - t)) / 2,
        "gaussian_negative_log_likelihood": gaussian,
        "poisson": lambda z, t: jnp.mean(jnp.exp(z) - t * z),
        "binary_crossentropy": lambda p, t: -jnp.mean(t * jnp.log(p) + (1 - t) * jnp.log1p(-p)),
        "binary_crossentropy.from_logits": lambda z, t: jnp.mean(
            optax.losses.sigmoid_binary_cross_entropy(z, t)
        ),
        "binary_focal_crossentropy": lambda p, t: focal(jnp.where(t == 1, p, 1 - p)),
        "binary_focal_crossentropy.from_logits": lambda z, t: jnp.mean(
            optax.losses.sigmoid_focal_loss(z, t)
        ),
        "hinge": lambda z, t: jnp.mean(optax.losses.hinge_loss(z, t)),
        "squared_hinge": lambda z, t: jnp.mean(optax.losses.hinge_loss(z, t) ** 2),
        "categorical_crossentropy": lambda p, t: -jnp.mean(jnp.sum(t * jnp.log(p), axis=-1)),
        "categorical_crossentropy.from_logits": lambda z, t: jnp.mean(
            optax.losses.softmax_cross_entropy(z, t)
        ),
        "sparse_categorical_crossentropy": lambda p, k: -jnp.mean(jnp.log(picked(p, k))),
        "sparse_categorical_crossentropy.from_logits": lambda z, k: jnp.mean(
            optax.losses.softmax_cross_entropy_with_integer_labels(z, k)
        ),
        "categorical_focal_crossentropy": lambda p, t: 0.25 * focal(jnp.sum(t * p, axis=-1)),
        "categorical_focal_crossentropy.from_logits": lambda z, t: (
            0.25 * focal(jnp.sum(t * jax.nn.softmax(z), axis=-1))
        ),
        "categorical_hinge": lambda z, t: jnp.mean(
            optax.losses.multiclass_hinge_loss(z, jnp.argmax(t, axis=-1))
        ),
    }
    function = functions[loss]
    compiled = jax.jit(jax.grad(function) if gradient else function)
    t, y = jnp.asarray(t), jnp.asarray(y)
    return {"JAX": lambda: compiled(y, t).block_until_ready()}


def in_keras(loss: str, gradient: bool) -> bool:
    """Return whether Keras has this loss: its Poisson loss takes rates instead."""
    import keras

    base = loss.partition(".")[0]
    return not gradient and base != "poisson" and hasattr(keras.losses, base)


def keras_calls(loss: str, gradient: bool, t: Any, y: Any) -> Calls:
    """Return Keras's function on the backend of this process; gradients are the backend's own."""
    import keras

    if not in_keras(loss, gradient):
        return {}
    base, _, logits = loss.partition(".")
    function = getattr(keras.losses, base)
    options = {"from_logits": bool(logits)} if "crossentropy" in base else {}
    t, y = keras.ops.convert_to_tensor(t), keras.ops.convert_to_tensor(y)

    def call() -> float:
        return float(keras.ops.mean(function(t, y, **options)))

    return {f"Keras ({keras.backend.backend()})": call}
