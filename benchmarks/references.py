"""Record what other libraries answer to the same question: ``make references``.

Each case states its inputs once, and for each library the line that a reader would type. The line
is run as it stands, and what it gives goes to ``benchmarks/references.json`` with the versions and
the date. The book's tables are made from that file, so the book needs none of the libraries.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORDED = HERE / "references.json"
BACKENDS = ("numpy", "torch", "jax")
VERSIONED = ("keras", "torch", "optax", "jax", "scikit-learn", "numpy")
F32, F64 = "dtype='float32'", "dtype='float64'"

K, T, O, S, L = "Keras", "PyTorch", "optax", "scikit-learn", "lossbook"  # noqa: E741
J = "JAX"  # where optax has no such loss, and the line is written by hand
#: Name: (inputs, {library: what to type}). PyTorch's inputs are tensors of the same values.
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "mse": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.mean_squared_error(t, y)",
            K: "keras.losses.MeanSquaredError()(t, y)",
            T: "F.mse_loss(y, t)",
            O: "optax.squared_error(y, t).mean()",
            S: "metrics.mean_squared_error(t, y)",
        },
    ),
    "huber": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.huber(t, y, delta=2)",
            K: "keras.losses.Huber(delta=2.0)(t, y)",
            T: "F.huber_loss(y, t, delta=2.0)",
            O: "optax.huber_loss(y, t, delta=2.0).mean()",
        },
    ),
    "huber-smooth-l1": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.huber(t, y, delta=2) / 2",
            T: "F.smooth_l1_loss(y, t, beta=2.0)",
        },
    ),
    "huber-negative-delta": (
        f"t = np.array([0], {F64}); y = np.array([3], {F64})",
        {
            L: "lb.huber(t, y, delta=-1)",
            K: "keras.losses.Huber(delta=-1.0)(t, y)",
            T: "F.huber_loss(y, t, delta=-1.0)",
            O: "optax.huber_loss(y, t, delta=-1.0).mean()",
        },
    ),
    "huber-infinite-delta": (
        f"t = np.array([0], {F64}); y = np.array([3], {F64}); inf = float('inf')",
        {
            L: "lb.huber(t, y, delta=inf)",
            K: "keras.losses.Huber(delta=inf)(t, y)",
            T: "F.huber_loss(y, t, delta=inf)",
            O: "optax.huber_loss(y, t, delta=inf).mean()",
        },
    ),
    "huber-column": (
        f"t = np.array([[1], [2], [3]], {F64}); y = np.array([1, 2, 3], {F64})",
        {
            L: "lb.huber(t, y)",
            K: "keras.losses.Huber()(t, y)",
            T: "F.huber_loss(y, t)",
            O: "optax.huber_loss(y, t).mean()",
        },
    ),
    "log-cosh": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.log_cosh(t, y)",
            K: "keras.losses.LogCosh()(t, y)",
            O: "optax.log_cosh(y, t).mean()",
        },
    ),
    "log-cosh-tiny": (
        f"t = np.array([0], {F64}); y = np.array([1e-8], {F64})",
        {
            L: "lb.log_cosh(t, y)",
            K: "keras.losses.LogCosh(dtype='float64')(t, y)",
            O: "optax.log_cosh(y, t).mean()",
        },
    ),
    "log-cosh-small-32": (
        f"t = np.array([0], {F32}); y = np.array([1e-4], {F32})",
        {
            L: "lb.log_cosh(t, y)",
            K: "keras.losses.LogCosh()(t, y)",
            O: "optax.log_cosh(y, t).mean()",
        },
    ),
    "mse-half": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {L: "0.5 * lb.mean_squared_error(t, y)", O: "optax.l2_loss(y, t).mean()"},
    ),
    "mse-rows": (
        f"t = np.zeros((2, 3), {F64}); y = np.array([[1, 2, 3], [0, 0, 6]], {F64})",
        {
            L: "lb.mean_squared_error(t, y, reduction='none')",
            K: "keras.losses.mean_squared_error(t, y)",
            T: "F.mse_loss(y, t, reduction='none')",
            O: "optax.squared_error(y, t)",
        },
    ),
    "mse-weights": (
        f"t = np.zeros(2, {F64}); y = np.ones(2, {F64}); w = np.array([1, 0], {F64})",
        {
            L: "lb.mean_squared_error(t, y, sample_weight=w)",
            K: "keras.losses.MeanSquaredError()(t[:, None], y[:, None], sample_weight=w)",
            S: "metrics.mean_squared_error(t, y, sample_weight=w)",
        },
    ),
    "mse-column": (
        f"t = np.array([1, 2, 3, 4], {F64}); y = t[:, None]",
        {
            L: "lb.mean_squared_error(t, y)",
            K: "keras.losses.MeanSquaredError()(t, y)",
            T: "F.mse_loss(y, t)",
            O: "optax.squared_error(y, t).mean()",
            S: "metrics.mean_squared_error(t, y)",
        },
    ),
    "mse-bytes": (
        "t = np.array([0], dtype='uint8'); y = np.array([200], dtype='uint8')",
        {
            L: "lb.mean_squared_error(t, y)",
            K: "keras.losses.MeanSquaredError()(t, y)",
            T: "F.mse_loss(y, t)",
            S: "metrics.mean_squared_error(t, y)",
        },
    ),
    "mae": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.mean_absolute_error(t, y)",
            K: "keras.losses.MeanAbsoluteError()(t, y)",
            T: "F.l1_loss(y, t)",
            J: "jnp.abs(y - t).mean()",
            S: "metrics.mean_absolute_error(t, y)",
        },
    ),
    "mae-gradient-at-zero": (
        f"t = np.zeros(1, {F64}); y = np.zeros(1, {F64})",
        {
            L: "lb.mean_absolute_error.gradient(t, y)",
            T: "slope(lambda y: F.l1_loss(y, t), y)",
            J: "jax.grad(lambda y: jnp.abs(y - t).mean())(y)",
        },
    ),
    "pinball": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.pinball(t, y, quantile=0.75)",
            K: "keras.ops.mean(keras.ops.maximum(0.75 * (t - y), -0.25 * (t - y)))",
            T: "torch.maximum(0.75 * (t - y), -0.25 * (t - y)).mean()",
            J: "jnp.maximum(0.75 * (t - y), -0.25 * (t - y)).mean()",
            S: "metrics.mean_pinball_loss(t, y, alpha=0.75)",
        },
    ),
    "pinball-gradient-at-zero": (
        f"t = np.zeros(1, {F64}); y = np.zeros(1, {F64})",
        {
            L: "lb.pinball.gradient(t, y, quantile=0.75)",
            T: "slope(lambda y: torch.maximum(0.75 * (t - y), -0.25 * (t - y)).mean(), y)",
            J: "jax.grad(lambda y: jnp.maximum(0.75 * (t - y), -0.25 * (t - y)).mean())(y)",
        },
    ),
    "quantile-regressor": (
        f"x = np.array([[0], [1], [2], [3], [4]], {F64}); t = 1 + 2 * x[:, 0]",
        {
            S: "linear_model.QuantileRegressor(quantile=0.5, alpha=0).fit(x, t).coef_",
        },
    ),
    "quantile-regressor-penalty": (
        f"x = np.array([[0], [1], [2], [3], [4]], {F64}); t = 1 + 2 * x[:, 0]",
        {
            S: "linear_model.QuantileRegressor(quantile=0.5).fit(x, t).coef_",
        },
    ),
    "gaussian-nll": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64}); "
        f"v = np.array([1, 4, 4, 1], {F64})",
        {
            L: "lb.gaussian_negative_log_likelihood(t, np.stack([y, np.log(v)], axis=-1))",
            T: "F.gaussian_nll_loss(y, t, v)",
            K: "keras.ops.mean((keras.ops.log(v) + (y - t) ** 2 / v) / 2)",
            J: "((jnp.log(v) + (y - t) ** 2 / v) / 2).mean()",
        },
    ),
    "gaussian-nll-full": (
        f"t = np.array([1], {F64}); y = np.array([0], {F64}); v = np.array([1], {F64})",
        {
            L: "lb.gaussian_negative_log_likelihood(t, np.stack([y, np.log(v)], axis=-1))",
            T: "F.gaussian_nll_loss(y, t, v, full=True)",
        },
    ),
    "gaussian-nll-small-variance": (
        f"t = np.array([1], {F64}); y = np.array([0], {F64}); v = np.array([1e-8], {F64})",
        {
            L: "lb.gaussian_negative_log_likelihood(t, np.stack([y, np.log(v)], axis=-1))",
            T: "F.gaussian_nll_loss(y, t, v)",
        },
    ),
    "poisson": (
        f"t = np.array([2, 0, 3, 1], {F64}); y = np.array([1, 1, 2, 4], {F64})",
        {
            L: "lb.poisson(t, np.log(y))",
            K: "keras.losses.Poisson(dtype='float64')(t, y)",
            T: "F.poisson_nll_loss(torch.log(y), t)",
            J: "(y - t * jnp.log(y)).mean()",
        },
    ),
    "poisson-rates-for-logarithms": (
        f"t = np.array([1, 2, 4], {F64}); y = np.array([1, 2, 4], {F64})",
        {
            L: "lb.poisson(t, y)",
            K: "keras.losses.Poisson(dtype='float64')(t, y)",
            T: "F.poisson_nll_loss(y, t)",
        },
    ),
    "poisson-zero-rate": (
        f"t = np.array([1], {F64}); y = np.array([0], {F64})",
        {
            K: "keras.losses.Poisson(dtype='float64')(t, y)",
            T: "F.poisson_nll_loss(y, t, log_input=False)",
            S: "metrics.mean_poisson_deviance(t, y)",
        },
    ),
    "poisson-negative-rate": (
        f"t = np.array([1], {F64}); y = np.array([-1], {F64})",
        {
            K: "keras.losses.Poisson(dtype='float64')(t, y)",
            T: "F.poisson_nll_loss(y, t, log_input=False)",
            S: "metrics.mean_poisson_deviance(t, y)",
        },
    ),
    "poisson-deviance": (
        f"t = np.array([2, 0, 3, 1], {F64}); y = np.array([1, 1, 2, 4], {F64})",
        {
            L: "2 * (lb.poisson(t, np.log(y)) - lb.poisson(t, np.log(np.maximum(t, 1e-300))))",
            S: "metrics.mean_poisson_deviance(t, y)",
        },
    ),
    "poisson-regressor": (
        f"x = np.array([[0], [1]], {F64}); t = np.array([1, 4], {F64})",
        {S: "linear_model.PoissonRegressor(alpha=0).fit(x, t).coef_"},
    ),
    "poisson-regressor-penalty": (
        f"x = np.array([[0], [1]], {F64}); t = np.array([1, 4], {F64})",
        {S: "linear_model.PoissonRegressor().fit(x, t).coef_"},
    ),
    "bce": (
        f"t = np.array([1, 0, 1], {F64}); y = np.array([0.9, 0.2, 0.4], {F64})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy()(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            O: "optax.sigmoid_binary_cross_entropy(jnp.log(y / (1 - y)), t).mean()",
            S: "metrics.log_loss(t, y)",
        },
    ),
    "bce-exchanged": (
        f"t = np.array([1, 0], {F64}); y = np.array([0.5, 0.5], {F64})",
        {
            L: "lb.binary_crossentropy(y, t)",
            T: "F.binary_cross_entropy(t, y)",
        },
    ),
    "bce-exchanged-gradient": (
        f"t = np.array([1], {F64}); z = np.array([0], {F64})",
        {T: "slope(lambda z: F.binary_cross_entropy(t, torch.sigmoid(z)), z)"},
    ),
    "bce-certain-32": (
        f"t = np.array([1, 0], {F32}); y = np.array([0, 0], {F32})",
        {
            L: "lb.binary_crossentropy(t[:1], y[:1])",
            K: "keras.losses.BinaryCrossentropy()(t[:1], y[:1])",
            T: "F.binary_cross_entropy(y[:1], t[:1])",
            S: "metrics.log_loss(t[:1], y[:1], labels=[0, 1])",
        },
    ),
    "bce-certain-64": (
        f"t = np.array([1], {F64}); y = np.array([0], {F64})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy(dtype='float64')(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            S: "metrics.log_loss(t, y, labels=[0, 1])",
        },
    ),
    "bce-certain-one-32": (
        f"t = np.array([0], {F32}); y = np.array([1], {F32})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy()(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            S: "metrics.log_loss(t, y, labels=[0, 1])",
        },
    ),
    "bce-tiny": (
        f"t = np.array([1], {F64}); y = np.array([5e-324], {F64})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy(dtype='float64')(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            S: "metrics.log_loss(t, y, labels=[0, 1])",
        },
    ),
    "bce-logit-wrong": (
        f"t = np.array([1], {F32}); z = np.array([-50], {F32})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z)",
            K: "keras.losses.BinaryCrossentropy(from_logits=True)(t, z)",
            T: "F.binary_cross_entropy_with_logits(z, t)",
            O: "optax.sigmoid_binary_cross_entropy(z, t).mean()",
        },
    ),
    "bce-logit-right": (
        f"t = np.array([0], {F64}); z = np.array([-60], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z)",
            K: "keras.losses.BinaryCrossentropy(from_logits=True, dtype='float64')(t, z)",
            T: "F.binary_cross_entropy_with_logits(z, t)",
            O: "optax.sigmoid_binary_cross_entropy(z, t).mean()",
        },
    ),
    "bce-logit-gradient": (
        f"t = np.array([1], {F64}); z = np.array([-20], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits.gradient(t, z)",
            T: "slope(lambda z: F.binary_cross_entropy_with_logits(z, t), z)",
            O: "jax.grad(lambda z: optax.sigmoid_binary_cross_entropy(z, t).mean())(z)",
        },
    ),
    "bce-clipped-gradient": (
        f"t = np.array([1], {F64}); z = np.array([-40], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits.gradient(t, z)",
            K: "slope(lambda z: keras.losses.BinaryCrossentropy()(t, keras.ops.sigmoid(z)), z)",
            T: "slope(lambda z: F.binary_cross_entropy(torch.sigmoid(z), t), z)",
            J: "jax.grad(lambda z: -jnp.log(jnp.clip(jax.nn.sigmoid(z), 1e-7, 1 - 1e-7)).mean())(z)",
        },
    ),
    "bce-smoothing": (
        f"t = np.array([1], {F64}); y = np.array([0.9], {F64})",
        {
            L: "lb.binary_crossentropy(t * (1 - 0.2) + 0.5 * 0.2, y)",
            K: "keras.losses.BinaryCrossentropy(label_smoothing=0.2)(t, y)",
        },
    ),
    "bce-not-probabilities": (
        f"t = np.array([1, 0], {F32}); y = np.array([2, -1], {F32})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy()(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            S: "metrics.log_loss(t, y)",
        },
    ),
    "bce-bad-label": (
        f"t = np.array([2], {F64}); y = np.array([0.5], {F64})",
        {
            L: "lb.binary_crossentropy(t, y)",
            K: "keras.losses.BinaryCrossentropy()(t, y)",
            T: "F.binary_cross_entropy(y, t)",
            O: "optax.sigmoid_binary_cross_entropy(jnp.zeros(1), t).mean()",
        },
    ),
    "cce": (
        f"t = np.array([[1, 0, 0]], {F64}); y = np.array([[0.7, 0.2, 0.1]], {F64})",
        {
            L: "lb.categorical_crossentropy(t, y)",
            K: "keras.losses.CategoricalCrossentropy()(t, y)",
            T: "F.cross_entropy(y.log(), t)",
            O: "optax.softmax_cross_entropy(jnp.log(y), t).mean()",
            S: "metrics.log_loss(t, y)",
        },
    ),
    "cce-unnormalized": (
        f"t = np.array([[0, 1]], {F64}); y = np.array([[0.2, 0.3]], {F64})",
        {
            L: "lb.categorical_crossentropy(t, y)",
            K: "keras.losses.CategoricalCrossentropy()(t, y)",
            S: "metrics.log_loss([1], y, labels=[0, 1])",
        },
    ),
    "cce-zeros": (
        f"t = np.array([[0, 1]], {F32}); y = np.zeros((1, 2), {F32})",
        {
            L: "lb.categorical_crossentropy(t, y)",
            K: "keras.losses.CategoricalCrossentropy()(t, y)",
            S: "metrics.log_loss([1], y, labels=[0, 1])",
        },
    ),
    "cce-logits-as-probabilities": (
        f"t = np.array([[1, 0]], {F32}); z = np.array([[2, -1]], {F32})",
        {
            L: "lb.categorical_crossentropy(t, z)",
            K: "keras.losses.CategoricalCrossentropy()(t, z)",
            T: "F.nll_loss(z, torch.tensor([0]))",
            S: "metrics.log_loss([0], z, labels=[0, 1])",
        },
    ),
    "cce-softmax-twice": (
        f"t = np.array([[1, 0]], {F64}); y = np.array([[0.95, 0.05]], {F64})",
        {
            L: "lb.categorical_crossentropy.from_logits(t, y)",
            K: "keras.losses.CategoricalCrossentropy(from_logits=True)(t, y)",
            T: "F.cross_entropy(y, t)",
            O: "optax.softmax_cross_entropy(y, t).mean()",
        },
    ),
    "cce-smoothing": (
        f"t = np.array([[1, 0, 0]], {F64}); z = np.array([[2, 0, 0]], {F64})",
        {
            L: "lb.categorical_crossentropy.from_logits(lb.smooth_labels(t, 0.1), z)",
            K: "keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(t, z)",
            T: "F.cross_entropy(z, t, label_smoothing=0.1)",
            O: "optax.softmax_cross_entropy(z, optax.smooth_labels(t, 0.1)).mean()",
        },
    ),
    "sparse": (
        f"t = np.array([0]); y = np.array([[0.7, 0.2, 0.1]], {F64})",
        {
            L: "lb.sparse_categorical_crossentropy(t, y)",
            K: "keras.losses.SparseCategoricalCrossentropy()(t, y)",
            T: "F.nll_loss(y.log(), t)",
            O: "optax.softmax_cross_entropy_with_integer_labels(jnp.log(y), t).mean()",
            S: "metrics.log_loss(t, y, labels=[0, 1, 2])",
        },
    ),
    "sparse-negative-label": (
        f"t = np.array([-1]); z = np.array([[2.0, 0.0, 1.0]], {F32})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(t, z)",
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(t, z)",
            T: "F.cross_entropy(z, t)",
            O: "optax.softmax_cross_entropy_with_integer_labels(z, t).mean()",
        },
    ),
    "sparse-label-too-large": (
        f"t = np.array([3]); z = np.array([[2.0, 0.0, 1.0]], {F32})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(t, z)",
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(t, z)",
            T: "F.cross_entropy(z, t)",
            O: "optax.softmax_cross_entropy_with_integer_labels(z, t).mean()",
        },
    ),
    "sparse-all-ignored": (
        f"t = np.array([-100]); z = np.array([[2.0, 0.0, 1.0]], {F32})",
        {
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(t, z)",
            T: "F.cross_entropy(z, t)",
        },
    ),
    "sparse-class-weights": (
        f"t = np.array([0, 1]); z = np.array([[2, 0], [0, 1]], {F64}); w = np.array([1, 3], {F64})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(t, z, sample_weight=w[t])",
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(t, z, sample_weight=w[t])",
            T: "F.cross_entropy(z, t, weight=w)",
        },
    ),
    "bce-pos-weight": (
        f"t = np.array([1, 0, 0, 1], {F64}); z = np.array([0.5, -1, 2, 3], {F64}); m = np.array([3], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z, sample_weight=np.where(t == 1, m, 1), reduction='sum') / t.size",
            T: "F.binary_cross_entropy_with_logits(z, t, pos_weight=m)",
        },
    ),
    "focal": (
        f"t = np.array([1, 1, 0], {F64}); y = np.array([0.9, 0.5, 0.2], {F64})",
        {
            L: "lb.binary_focal_crossentropy(t, y)",
            K: "keras.losses.BinaryFocalCrossentropy()(t, y)",
            O: "optax.sigmoid_focal_loss(jnp.log(y / (1 - y)), t).mean()",
        },
    ),
    "focal-wrong-logit": (
        f"t = np.array([1], {F64}); z = np.array([-20], {F64})",
        {
            L: "lb.binary_focal_crossentropy.from_logits(t, z)",
            K: "keras.losses.BinaryFocalCrossentropy(from_logits=True)(t, z)",
            O: "optax.sigmoid_focal_loss(z, t).mean()",
        },
    ),
    "focal-wrong-logit-gradient": (
        f"t = np.array([1], {F64}); z = np.array([-20], {F64})",
        {
            L: "lb.binary_focal_crossentropy.from_logits.gradient(t, z)",
            K: "slope(lambda z: keras.losses.BinaryFocalCrossentropy(from_logits=True)(t, z), z)",
            O: "jax.grad(lambda z: optax.sigmoid_focal_loss(z, t).mean())(z)",
        },
    ),
    "focal-categorical": (
        f"t = np.array([[1, 0, 0]], {F64}); y = np.array([[0.7, 0.2, 0.1]], {F64})",
        {
            L: "lb.categorical_focal_crossentropy(t, y)",
            K: "keras.losses.CategoricalFocalCrossentropy()(t, y)",
        },
    ),
    "focal-soft-label": (
        f"t = np.array([0.3], {F64}); y = np.array([0.3], {F64})",
        {
            L: "lb.binary_focal_crossentropy(t, y)",
            K: "keras.losses.BinaryFocalCrossentropy()(t, y)",
            O: "optax.sigmoid_focal_loss(jnp.log(y / (1 - y)), t).mean()",
        },
    ),
    "bce-weight": (
        f"t = np.array([1, 0, 1], {F64}); y = np.array([0.9, 0.2, 0.4], {F64}); w = np.array([1, 2, 3], {F64})",
        {
            L: "lb.binary_crossentropy(t, y, sample_weight=w, reduction='sum') / t.size",
            T: "F.binary_cross_entropy(y, t, weight=w)",
        },
    ),
    "mse-weight": (
        f"t = np.zeros(3, {F64}); y = np.array([1, 2, 3], {F64}); w = np.array([1, 2, 3], {F64})",
        {
            L: "lb.mean_squared_error(t, y, sample_weight=w)",
            T: "F.mse_loss(y, t, weight=w)",
        },
    ),
    "mae-weight": (
        f"t = np.zeros(3, {F64}); y = np.array([1, 2, 3], {F64}); w = np.array([1, 2, 3], {F64})",
        {
            L: "lb.mean_absolute_error(t, y, sample_weight=w)",
            T: "F.l1_loss(y, t, weight=w)",
        },
    ),
    "cce-class-weights": (
        f"t = np.array([[1, 0], [0, 1]], {F64}); z = np.array([[2, 0], [0, 1]], {F64}); w = np.array([1, 3], {F64})",
        {
            L: "lb.categorical_crossentropy.from_logits(t, z, sample_weight=t @ w, reduction='sum') / len(t)",
            T: "F.cross_entropy(z, t, weight=w)",
        },
    ),
    "sparse-ignored": (
        f"t = np.array([0, -100, 1]); z = np.array([[2, 0], [5, 1], [0, 1]], {F64})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(np.where(t < 0, 0, t), z, sample_weight=t >= 0)",
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(t, z)",
            T: "F.cross_entropy(z, t, ignore_index=-100)",
        },
    ),
    "sparse-smoothing": (
        f"t = np.array([0, 2]); z = np.array([[2, 0, 1], [0, 1, 3]], {F64})",
        {
            L: "lb.categorical_crossentropy.from_logits(lb.smooth_labels(lb.one_hot(t, 3), 0.1), z)",
            T: "F.cross_entropy(z, t, label_smoothing=0.1)",
        },
    ),
    "sparse-axis": (
        f"t = np.array([[0, 2]]); z = np.array([[[2, 0], [0, 1], [1, 3]]], {F64})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(t, np.moveaxis(z, 1, -1))",
            K: "keras.losses.SparseCategoricalCrossentropy(from_logits=True, axis=1)(t, z)",
            T: "F.cross_entropy(z, t)",
            O: "optax.softmax_cross_entropy_with_integer_labels(z, t, axis=1).mean()",
        },
    ),
    "mse-row-weights": (
        f"t = np.zeros((2, 3), {F64}); y = np.array([[1, 2, 3], [0, 0, 6]], {F64}); w = np.array([3, 1], {F64})",
        {
            L: "lb.mean_squared_error(t, y, sample_weight=np.broadcast_to(w[:, None], y.shape))",
            K: "keras.losses.MeanSquaredError()(t, y, sample_weight=w)",
            S: "metrics.mean_squared_error(t, y, sample_weight=w)",
        },
    ),
    "mse-sum-over-batch-size": (
        f"t = np.zeros(2, {F64}); y = np.ones(2, {F64}); w = np.array([1, 0], {F64})",
        {
            L: "lb.mean_squared_error(t, y, sample_weight=w, reduction='sum') / t.size",
            K: "keras.losses.MeanSquaredError(reduction='sum_over_batch_size')(t[:, None], y[:, None], sample_weight=w)",
        },
    ),
    "mse-mean-with-sample-weight": (
        f"t = np.zeros(2, {F64}); y = np.ones(2, {F64}); w = np.array([1, 0], {F64})",
        {
            L: "lb.mean_squared_error(t, y, sample_weight=w)",
            K: "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')(t[:, None], y[:, None], sample_weight=w)",
        },
    ),
    "multi-label": (
        f"t = np.array([[1, 0, 1], [0, 0, 1]], {F64}); z = np.array([[2, -1, 0], [-3, 1, 2]], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z)",
            K: "keras.losses.BinaryCrossentropy(from_logits=True, dtype='float64')(t, z)",
            T: "F.multilabel_soft_margin_loss(z, t)",
            O: "optax.sigmoid_binary_cross_entropy(z, t).mean()",
        },
    ),
    "nll-log-probabilities": (
        f"t = np.array([0, 2]); q = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]], {F64})",
        {
            L: "lb.sparse_categorical_crossentropy.from_logits(t, np.log(q))",
            T: "F.nll_loss(q.log(), t)",
        },
    ),
    "hinge": (
        f"t = np.array([1, -1, 1, -1], {F64}); z = np.array([2, -0.5, -1, 0.5], {F64})",
        {
            L: "lb.hinge(t, z)",
            K: "keras.losses.Hinge()(t, z)",
            T: "F.relu(1 - t * z).mean()",
            O: "optax.hinge_loss(z, t).mean()",
            S: "metrics.hinge_loss(t, z)",
        },
    ),
    "squared-hinge": (
        f"t = np.array([1, -1, 1, -1], {F64}); z = np.array([2, -0.5, -1, 0.5], {F64})",
        {
            L: "lb.squared_hinge(t, z)",
            K: "keras.losses.SquaredHinge()(t, z)",
            T: "(F.relu(1 - t * z) ** 2).mean()",
            O: "(optax.hinge_loss(z, t) ** 2).mean()",
        },
    ),
    "hinge-zero-one": (
        f"t = np.array([0, 1], {F64}); z = np.array([-3, 3], {F64})",
        {
            L: "lb.hinge(t, z)",
            K: "keras.losses.Hinge()(t, z)",
            O: "optax.hinge_loss(z, t).mean()",
            S: "metrics.hinge_loss(t, z)",
        },
    ),
    "hinge-labels": (
        f"t = np.array([0, 1, 1, 0], {F64}); z = np.array([0.5, -0.25, 3, -2], {F64})",
        {
            L: "lb.hinge(2 * t - 1, z)",
            K: "keras.losses.Hinge()(t, z)",
            S: "metrics.hinge_loss(t, z)",
        },
    ),
    "hinge-one-class": (
        f"t = np.array([1, 1], {F64}); z = np.array([0.5, 0.5], {F64})",
        {
            L: "lb.hinge(t, z)",
            K: "keras.losses.Hinge()(t, z)",
            O: "optax.hinge_loss(z, t).mean()",
            S: "metrics.hinge_loss(t, z, labels=[-1, 1])",
        },
    ),
    "hinge-at-the-margin": (
        f"t = np.array([1], {F64}); z = np.array([1], {F64})",
        {
            L: "lb.hinge.gradient(t, z)",
            K: "slope(lambda z: keras.losses.Hinge()(t, z), z)",
            T: "slope(lambda z: F.relu(1 - t * z).mean(), z)",
            O: "jax.grad(lambda z: optax.hinge_loss(z, t).mean())(z)",
        },
    ),
    "categorical-hinge": (
        f"t = np.array([[0, 0, 1]], {F64}); z = np.array([[1, 0.75, 1.5]], {F64})",
        {
            L: "lb.categorical_hinge(t, z)",
            K: "keras.losses.CategoricalHinge()(t, z)",
            T: "F.multi_margin_loss(z, t.argmax(1))",
            O: "optax.losses.multiclass_hinge_loss(z, t.argmax(1)).mean()",
            S: "metrics.hinge_loss([2], z, labels=[0, 1, 2])",
        },
    ),
    "categorical-hinge-negative": (
        f"t = np.array([[1, 0, 0]], {F64}); z = np.array([[-5, -7, -9]], {F64})",
        {
            L: "lb.categorical_hinge(t, z)",
            K: "keras.losses.CategoricalHinge()(t, z)",
            T: "F.multi_margin_loss(z, t.argmax(1))",
            O: "optax.losses.multiclass_hinge_loss(z, t.argmax(1)).mean()",
            S: "metrics.hinge_loss([0], z, labels=[0, 1, 2])",
        },
    ),
    "kl-batchmean": (
        f"p = np.array([[0.5, 0.5], [1, 0]], {F64}); q = np.array([[0.25, 0.75], [0.5, 0.5]], {F64})",
        {
            L: "lb.kl_divergence(p, q).mean()",
            K: "keras.losses.KLDivergence(dtype='float64')(p, q)",
            T: "F.kl_div(q.log(), p, reduction='batchmean')",
            O: "optax.kl_divergence(jnp.log(q), p).mean()",
        },
    ),
    "rmse": (
        f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4], {F64})",
        {
            L: "lb.mean_squared_error(t, y) ** 0.5",
            K: "keras.metrics.RootMeanSquaredError(dtype='float64')(t, y)",
            T: "F.mse_loss(y, t).sqrt()",
            S: "metrics.root_mean_squared_error(t, y)",
        },
    ),
    "perplexity": (
        f"t = np.array([0, -100, 1]); z = np.array([[2, 0], [5, 1], [0, 1]], {F64})",
        {
            L: "np.exp(lb.sparse_categorical_crossentropy.from_logits(np.where(t < 0, 0, t), z, sample_weight=t >= 0))",
            T: "F.cross_entropy(z, t).exp()",
        },
    ),
    "own-loss": (
        f"t = np.array([1, 0, 1], {F64}); z = np.array([0.5, -1, -2], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z, sample_weight=np.where(t == 1, 10, 1), reduction='sum') / t.size",
            K: "own.MissLoss(10)(t, z)",
            T: "own.miss_loss(z, t, 10)",
        },
    ),
    "own-loss-gradients": (
        f"x = np.array([2, -1], {F64}); t = np.array([1, 0], {F64}); start = (1.0, -1.0, -1.0, 1.0, 3.0, 2.0, -3.0)",
        {
            K: "own.gradients(x, t, 10, start)",
            T: "own.gradients(x, t, 10, start)",
        },
    ),
    "own-loss-far": (
        f"t = np.array([1], {F64}); z = np.array([-800], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z)",
            K: "own.MissLoss(1)(t, z)",
            T: "own.miss_loss(z, t, 1)",
        },
    ),
    "own-loss-log-of-sigmoid": (
        f"t = np.array([1], {F64}); z = np.array([-800], {F64})",
        {
            T: "-(t * torch.log(torch.sigmoid(z))).mean()",
            J: "-(t * jnp.log(jax.nn.sigmoid(z))).mean()",
        },
    ),
    "own-loss-log-of-sigmoid-gradient": (
        f"t = np.array([1], {F64}); z = np.array([-800], {F64})",
        {
            T: "slope(lambda z: -(t * torch.log(torch.sigmoid(z))).mean(), z)",
            J: "jax.grad(lambda z: -(t * jnp.log(jax.nn.sigmoid(z))).mean())(z)",
        },
    ),
    "own-loss-column": (
        f"t = np.array([1, 0, 1], {F64}); z = np.array([[0.5], [-1], [-2]], {F64})",
        {
            L: "lb.binary_crossentropy.from_logits(t, z)",
            T: "-(t * F.logsigmoid(z) + (1 - t) * F.logsigmoid(-z)).mean()",
        },
    ),
}  # fmt: skip

ROWS = f"t = np.array([[1, 0, 0], [0, 0, 1]], {F64}); y = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]], {F64})"
NUMBERS = f"t = np.array([3, 5, 2, 7], {F64}); y = np.array([2, 5, 4, 4.5], {F64})"
EVENTS = f"t = np.array([1, 0, 1], {F64}); y = np.array([0.9, 0.2, 0.4], {F64})"
SIGNS = f"t = np.array([1, -1, 1], {F64}); y = np.array([0.9, 0.2, -1.4], {F64})"
VECTORS = (
    f"t = np.array([[1, 2, 3], [0, 1, -1]], {F64}); y = np.array([[4, 5, 6], [2, 1, 0]], {F64})"
)
#: Every loss of Keras that the table in `choosing` knows: (inputs, what to type). The class is
#: asked by its default arguments, or by those that make it the formula of the table.
OF_KERAS: dict[str, tuple[str, str]] = {
    "BinaryCrossentropy": (EVENTS, "BinaryCrossentropy()(t, y)"),
    "BinaryFocalCrossentropy": (EVENTS, "BinaryFocalCrossentropy()(t, y)"),
    "CTC": (
        f"t = np.array([[1, 2]]); y = np.array([[[0.1, 0.5, 0.2], [0.3, 0.4, 0.9], [0.8, 0.1, 0.3], [0.2, 0.6, 1]]], {F32})",
        "CTC()(t, y)",
    ),
    "CategoricalCrossentropy": (ROWS, "CategoricalCrossentropy()(t, y)"),
    "CategoricalFocalCrossentropy": (ROWS, "CategoricalFocalCrossentropy(alpha=1)(t, y)"),
    "CategoricalGeneralizedCrossEntropy": (
        ROWS,
        "CategoricalGeneralizedCrossEntropy(q=0.7)(t.argmax(axis=1), y)",
    ),
    "CategoricalHinge": (ROWS, "CategoricalHinge()(t, y)"),
    "Circle": (
        f"t = np.array([0, 1, 0, 1]); y = np.array([[1, 2, 3], [0, 1, -1], [2, 1, 0], [-1, 2, 1]], {F64})",
        "Circle()(t, y / (y**2).sum(axis=1, keepdims=True) ** 0.5)",
    ),
    "CosineSimilarity": (VECTORS, "CosineSimilarity()(t, y)"),
    "Dice": (EVENTS, "Dice()(t, y)"),
    "Hinge": (SIGNS, "Hinge()(t, y)"),
    "Huber": (NUMBERS, "Huber()(t, y)"),
    "KLDivergence": (
        f"t = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], {F64}); y = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]], {F64})",
        "KLDivergence()(t, y)",
    ),
    "LogCosh": (NUMBERS, "LogCosh()(t, y)"),
    "MeanAbsoluteError": (NUMBERS, "MeanAbsoluteError()(t, y)"),
    "MeanAbsolutePercentageError": (NUMBERS, "MeanAbsolutePercentageError()(t, y)"),
    "MeanSquaredError": (NUMBERS, "MeanSquaredError()(t, y)"),
    "MeanSquaredLogarithmicError": (NUMBERS, "MeanSquaredLogarithmicError()(t, y)"),
    "Poisson": (NUMBERS, "Poisson()(t, np.exp(y))"),
    "SparseCategoricalCrossentropy": (
        f"t = np.array([0, 2]); y = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]], {F64})",
        "SparseCategoricalCrossentropy()(t, y)",
    ),
    "SquaredHinge": (SIGNS, "SquaredHinge()(t, y)"),
    "Tversky": (EVENTS, "Tversky(alpha=0.3, beta=0.7)(t, y)"),
}  # fmt: skip


def plain(value: Any) -> str:
    """Return a result in digits: as many as tell it from its neighbors in its own precision."""
    import numpy as np

    if hasattr(value, "detach"):
        value = value.detach()
    array = np.asarray(value)
    digits = [str(x) if array.dtype.kind != "i" else repr(float(x)) for x in array.ravel()]
    return digits[0] if array.size == 1 else "(" + ", ".join(digits) + ")"


def answer(line: str, names: dict[str, Any]) -> str:
    """Return what a line gives: digits, or the error that it raises."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = plain(eval(line, names))
        except Exception as error:
            return type(error).__name__
    loud = [w for w in told if "sum" in str(w.message) or "size" in str(w.message)]
    return f"{found} and a warning" if loud else found


def keras_slope(loss: Any, y: Any) -> Any:
    """Return the gradient of a loss as the backend of Keras computes it."""
    import keras

    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return jax.grad(loss)(keras.ops.convert_to_tensor(y))
    if backend == "torch":
        tensor = keras.ops.convert_to_tensor(y).requires_grad_()
        loss(tensor).backward()
        return tensor.grad
    raise NotImplementedError(f"{backend} computes no gradients")


def names_of(library: str) -> dict[str, Any]:
    """Return the names that a line of a library uses."""
    import numpy as np

    names: dict[str, Any] = {"np": np}
    if library == L:
        import lossbook

        names["lb"] = lossbook
    elif library == K:
        import keras
        import own_loss_keras

        names |= {"keras": keras, "slope": keras_slope, "own": own_loss_keras}
    elif library == T:
        import own_loss_pytorch
        import torch

        def slope(loss: Any, y: Any) -> Any:
            y = y.clone().requires_grad_()
            loss(y).backward()
            return y.grad

        names |= {"torch": torch, "F": torch.nn.functional, "slope": slope, "own": own_loss_pytorch}
    elif library in (O, J):
        import jax
        import jax.numpy as jnp
        import optax

        jax.config.update("jax_enable_x64", True)
        names |= {"jax": jax, "jnp": jnp, "optax": optax}
    else:
        from sklearn import linear_model, metrics

        names |= {"linear_model": linear_model, "metrics": metrics}
    return names


def collect(library: str) -> dict[str, str]:
    """Return the answers of a library in this process."""
    import numpy as np

    found = {}
    for name, (inputs, lines) in CASES.items():
        if library not in lines:
            continue
        names = names_of(library)
        exec(inputs, names)
        for key, value in list(names.items()):
            if isinstance(value, np.ndarray) and library == T:
                names[key] = names["torch"].from_numpy(value.copy())
            if isinstance(value, np.ndarray) and library in (O, J):
                names[key] = names["jnp"].asarray(value)
        if library == K:
            keras = names["keras"]
            found[name] = answer(f"keras.ops.convert_to_numpy({lines[library]})", names)
            del keras
        else:
            found[name] = answer(lines[library], names)
    return found


def losses_of_keras() -> dict[str, dict[str, str]]:
    """Return every loss that Keras has by name, with its answer where `OF_KERAS` asks for one."""
    import keras
    import numpy as np

    found: dict[str, dict[str, str]] = {}
    base = keras.losses.Loss
    for name, kind in sorted(vars(keras.losses).items()):
        if not isinstance(kind, type) or not issubclass(kind, base) or kind is base:
            continue
        found[name] = {}
        if name in OF_KERAS:
            inputs, line = OF_KERAS[name]
            names: dict[str, Any] = {"np": np, **vars(keras.losses)}
            exec(inputs, names)
            given = str(float(eval(line, names)))
            found[name] = {"inputs": inputs, "line": line, "answer": given}
    return found


def ask(what: str, backend: str) -> dict[str, Any]:
    """Return what a process of its own finds."""
    done = subprocess.run(
        [sys.executable, __file__, what],
        env={**os.environ, "KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


def main() -> None:
    """Ask every library, each in a process of its own, and write what they say."""
    if len(sys.argv) > 1:
        library = sys.argv[1]
        found = losses_of_keras() if library == "losses" else collect(library)
        json.dump(found, sys.stdout)
        return
    answers: dict[str, dict[str, str]] = {name: {} for name in CASES}
    asked = [(library, "") for library in (L, T, O, J, S)] + [(K, backend) for backend in BACKENDS]
    for number, (library, backend) in enumerate(asked, 1):
        label = f"{library} ({backend})" if backend else library
        print(f"[{number}/{len(asked)}] {label}", file=sys.stderr, flush=True)
        for name, value in ask(library, backend or "numpy").items():
            answers[name][label] = value
    document = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {
            name: importlib.metadata.version(name).partition("+")[0] for name in VERSIONED
        },
        "cases": {
            name: {"inputs": inputs, "lines": lines, "answers": answers[name]}
            for name, (inputs, lines) in CASES.items()
        },
        "keras_losses": ask("losses", "jax"),
    }
    RECORDED.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {RECORDED}")


if __name__ == "__main__":
    main()
