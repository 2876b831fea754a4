"""The losses as their formulas are typed into NumPy: what the package is compared with."""

# ruff: noqa: D103 - each name says it, and the chapters quote these lines
import numpy as np


def mean_squared_error(t, y):
    return np.mean((y - t) ** 2)


def mean_squared_error_gradient(t, y):
    return 2 * (y - t) / y.size


def mean_absolute_error(t, y):
    return np.mean(np.abs(y - t))


def mean_absolute_error_gradient(t, y):
    return np.sign(y - t) / y.size


def huber(t, y, delta=1.0):
    a = np.abs(y - t)
    return np.mean(np.where(a <= delta, a**2 / 2, delta * a - delta**2 / 2))


def huber_gradient(t, y, delta=1.0):
    return np.clip(y - t, -delta, delta) / y.size


def log_cosh(t, y):
    return np.mean(np.log(np.cosh(y - t)))


def log_cosh_gradient(t, y):
    return np.tanh(y - t) / y.size


def pinball(t, y, quantile=0.5):
    return np.mean(np.maximum(quantile * (t - y), (quantile - 1) * (t - y)))


def pinball_gradient(t, y, quantile=0.5):
    return np.where(t > y, -quantile, 1 - quantile) / y.size


def binary_crossentropy(t, y):
    return -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))


def binary_crossentropy_gradient(t, y):
    return (y - t) / (y * (1 - y)) / y.size


def binary_crossentropy_from_logits(t, z):
    return np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))


def binary_crossentropy_from_logits_gradient(t, z):
    return (1 / (1 + np.exp(-z)) - t) / z.size


def categorical_crossentropy(t, y):
    return -np.mean(np.sum(t * np.log(y), axis=-1))


def categorical_crossentropy_gradient(t, y):
    return -t / y / len(y)


def log_softmax(z):
    d = z - z.max(axis=-1, keepdims=True)
    return d - np.log(np.exp(d).sum(axis=-1, keepdims=True))


def categorical_crossentropy_from_logits(t, z):
    return -np.mean(np.sum(t * log_softmax(z), axis=-1))


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def categorical_crossentropy_from_logits_gradient(t, z):
    return (softmax(z) - t) / len(z)


def sparse_categorical_crossentropy(t, y):
    return -np.mean(np.log(y[np.arange(len(t)), t]))


def sparse_categorical_crossentropy_gradient(t, y):
    slopes = np.zeros_like(y)
    rows = np.arange(len(t))
    slopes[rows, t] = -1 / y[rows, t] / len(t)
    return slopes


def sparse_categorical_crossentropy_from_logits(t, z):
    return -np.mean(log_softmax(z)[np.arange(len(t)), t])


def sparse_categorical_crossentropy_from_logits_gradient(t, z):
    slopes = softmax(z)
    slopes[np.arange(len(t)), t] -= 1
    return slopes / len(t)


def hinge(t, z):
    return np.mean(np.maximum(0, 1 - t * z))


def hinge_gradient(t, z):
    return np.where(t * z < 1, -t, 0) / z.size


def squared_hinge(t, z):
    return np.mean(np.maximum(0, 1 - t * z) ** 2)


def squared_hinge_gradient(t, z):
    return -2 * t * np.maximum(0, 1 - t * z) / z.size


def categorical_hinge(t, z):
    rivals = np.where(t == 1, -np.inf, z).max(axis=-1)
    return np.mean(np.maximum(0, 1 + rivals - np.sum(t * z, axis=-1)))


def categorical_hinge_gradient(t, z):
    others = np.where(t == 1, -np.inf, z)
    costs = 1 + others.max(axis=-1) > np.sum(t * z, axis=-1)
    rivals = np.eye(z.shape[-1])[others.argmax(axis=-1)]
    return costs[:, np.newaxis] * (rivals - t) / len(z)


def binary_focal_crossentropy(t, y, gamma=2.0):
    p = np.where(t == 1, y, 1 - y)
    return -np.mean((1 - p) ** gamma * np.log(p))


def binary_focal_crossentropy_gradient(t, y, gamma=2.0):
    p = np.where(t == 1, y, 1 - y)
    slopes = gamma * (1 - p) ** (gamma - 1) * np.log(p) - (1 - p) ** gamma / p
    return (2 * t - 1) * slopes / y.size


def binary_focal_crossentropy_from_logits(t, z, gamma=2.0):
    return binary_focal_crossentropy(t, 1 / (1 + np.exp(-z)), gamma)


def binary_focal_crossentropy_from_logits_gradient(t, z, gamma=2.0):
    p = 1 / (1 + np.exp((1 - 2 * t) * z))
    slopes = (1 - p) ** gamma * (gamma * p * np.log(p) - (1 - p))
    return (2 * t - 1) * slopes / z.size


def categorical_focal_crossentropy(t, y, alpha=0.25, gamma=2.0):
    p = np.sum(t * y, axis=-1)
    return -alpha * np.mean((1 - p) ** gamma * np.log(p))


def categorical_focal_crossentropy_gradient(t, y, alpha=0.25, gamma=2.0):
    slopes = gamma * (1 - y) ** (gamma - 1) * np.log(y) - (1 - y) ** gamma / y
    return alpha * t * slopes / len(y)


def categorical_focal_crossentropy_from_logits(t, z, alpha=0.25, gamma=2.0):
    return categorical_focal_crossentropy(t, softmax(z), alpha, gamma)


def categorical_focal_crossentropy_from_logits_gradient(t, z, alpha=0.25, gamma=2.0):
    y = softmax(z)
    p = np.sum(t * y, axis=-1, keepdims=True)
    by_p = gamma * (1 - p) ** (gamma - 1) * np.log(p) - (1 - p) ** gamma / p
    return alpha * by_p * p * (t - y) / len(z)


def gaussian_negative_log_likelihood(t, y):
    mean, z = y[:, 0], y[:, 1]
    return np.mean((z + (mean - t) ** 2 / np.exp(z)) / 2)


def gaussian_negative_log_likelihood_gradient(t, y):
    mean, z = y[:, 0], y[:, 1]
    d, variance = mean - t, np.exp(z)
    slopes = [d / variance, (1 - d**2 / variance) / 2]
    return np.stack(slopes, axis=-1) / len(t)


def poisson(t, z):
    return np.mean(np.exp(z) - t * z)


def poisson_gradient(t, z):
    return (np.exp(z) - t) / z.size


def pearson_correlation(t, y):
    u, v = t - t.mean(), y - y.mean()
    return np.sum(u * v) / np.sqrt(np.sum(u**2) * np.sum(v**2))
