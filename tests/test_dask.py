"""The losses on many machines: the book's recipe for Dask, on a cluster of two processes.

Needs the optional libraries of ``pip install "lossbook[dask]"``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import lossbook as lb

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")

SIZE, CHUNK = 2_000_000, 300_000  # the last chunk is shorter


# --- the recipe ---


def chunks(array: Any) -> list[Any]:
    """Return the chunks of a Dask array, each one a task; the classes must not be divided."""
    return list(array.to_delayed().reshape(-1))


def mean_loss(loss: lb.Loss, y_true: Any, y_pred: Any) -> float:
    """Return the mean loss of Dask arrays whose chunks match.

    Each worker sends one sum for a chunk, and keeps nothing. The sums are added without rounding.
    """
    pairs = zip(chunks(y_true), chunks(y_pred), strict=True)
    sums = dask.compute(*(dask.delayed(loss)(t, y, reduction="sum") for t, y in pairs))
    return math.fsum(sums) / samples(loss, y_pred)


def gradient(loss: lb.Loss, y_true: Any, y_pred: Any) -> Any:
    """Return the gradient of the mean loss as a Dask array, chunk by chunk."""

    def slopes(t: Any, y: Any) -> Any:
        return loss.gradient(t, y, reduction="sum")

    return da.map_blocks(slopes, y_true, y_pred, dtype=y_pred.dtype) / samples(loss, y_pred)


def samples(loss: lb.Loss, y_pred: Any) -> int:
    """Return how many samples there are: rows where there are classes, else elements."""
    return math.prod(y_pred.shape[:-1] if loss.y_pred.rows else y_pred.shape)


def moments(x: Any, y: Any) -> tuple[int, float, float, float, float, float]:
    """Return the number of pairs, both means, and the sums of squares and products about them."""
    a, b = x.mean(), y.mean()
    dx, dy = x - a, y - b
    return len(x), float(a), float(b), float(dx @ dx), float(dy @ dy), float(dx @ dy)


def merge(p: tuple[Any, ...], q: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the moments of two chunks together.

    The chunks' own means differ; what that adds is the last term of each sum.
    """
    n = p[0] + q[0]
    dx, dy, share = q[1] - p[1], q[2] - p[2], p[0] * q[0] / n
    return (
        n,
        p[1] + dx * q[0] / n,
        p[2] + dy * q[0] / n,
        p[3] + q[3] + dx * dx * share,
        p[4] + q[4] + dy * dy * share,
        p[5] + q[5] + dx * dy * share,
    )


def correlation(x: Any, y: Any) -> float:
    """Return Pearson's correlation of two Dask vectors, from the merged moments of their chunks."""
    parts = dask.compute(*map(dask.delayed(moments), chunks(x), chunks(y)))
    total = parts[0]
    for part in parts[1:]:
        total = merge(total, part)
    return float(total[5] / math.sqrt(total[3] * total[4]))


# --- what it promises ---


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        dask.config.set({"distributed.worker.daemon": True}),
        distributed.LocalCluster(**options, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def errors(size: int = SIZE) -> tuple[Any, Any]:
    rng = da.random.default_rng(3)
    t = rng.normal(size=size, chunks=CHUNK)
    return t, t + rng.normal(size=size, chunks=CHUNK)


def peak() -> int:
    import resource
    import sys

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def test_the_cluster_is_two_processes(client: Any) -> None:
    import os

    assert len({*client.run(os.getpid).values(), os.getpid()}) == 3


def test_chunks_on_two_workers_give_the_value_of_one_machine(client: Any) -> None:
    t, y = errors()
    for loss in (lb.mean_squared_error, lb.mean_absolute_error):
        single = loss(*dask.compute(t, y))
        # A chunk's sum is rounded once more than a block's: half a unit, and half for the mean.
        assert abs(mean_loss(loss, t, y) - single) <= np.spacing(single)


def test_chunks_of_whole_blocks_give_it_to_the_last_bit(client: Any) -> None:
    from lossbook.batch import BLOCK

    t, y = (a.rechunk(BLOCK) for a in errors(2_000_000))
    # The block sums are then the same ones, and their sum has no rounding but the last.
    single = lb.mean_squared_error(*dask.compute(t, y))
    assert mean_loss(lb.mean_squared_error, t, y) == single


def test_rows_of_classes_stay_whole(client: Any) -> None:
    rng = da.random.default_rng(4)
    z = rng.normal(size=(100_000, 10), chunks=(30_000, 10))
    labels = rng.integers(0, 10, 100_000, chunks=30_000)
    loss = lb.sparse_categorical_crossentropy.from_logits
    single = loss(*dask.compute(labels, z))
    # The careful and the quick way may differ between a short chunk and a long one.
    assert mean_loss(loss, labels, z) == pytest.approx(single, rel=1e-15)


def test_the_gradient_of_the_chunks_is_that_of_the_whole(client: Any) -> None:
    t, y = errors(1_000_000)
    single = lb.mean_squared_error.gradient(*dask.compute(t, y))
    whole = gradient(lb.mean_squared_error, t, y).compute()
    np.testing.assert_array_equal(whole, single)


def test_no_worker_holds_more_than_a_few_chunks(client: Any) -> None:
    t, y = errors(12_000_000)
    before = client.run(peak)
    mean_loss(lb.mean_squared_error, t, y)
    for worker, used in client.run(peak).items():
        assert used - before[worker] < (t.nbytes + y.nbytes) / 4


def test_a_mean_of_chunk_means_is_another_number() -> None:
    t, y = np.zeros(3), np.array([1.0, 1.0, 4.0])
    parts = [lb.mean_absolute_error(t[:2], y[:2]), lb.mean_absolute_error(t[2:], y[2:])]
    assert np.mean(parts) == 2.5
    assert lb.mean_absolute_error(t, y) == 2.0


def test_a_correlation_needs_the_merged_moments(client: Any) -> None:
    rng = da.random.default_rng(5)
    drift = da.arange(200_000, chunks=30_000) * 1e-3
    x = drift + rng.normal(size=200_000, chunks=30_000)
    y = drift + rng.normal(size=200_000, chunks=30_000)
    merged = correlation(x, y)
    whole = np.corrcoef(*dask.compute(x, y))[0, 1]
    assert merged == pytest.approx(whole, rel=1e-12)
    pairs = zip(dask.compute(*chunks(x)), dask.compute(*chunks(y)), strict=True)
    assert abs(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs]) - whole) > 1e-3


def test_merging_is_exact_where_arithmetic_is() -> None:
    x, y = np.array([1.0, 2.0, 3.0, 6.0]), np.array([2.0, 2.0, 4.0, 8.0])
    n, a, b, xx, yy, xy = merge(moments(x[:2], y[:2]), moments(x[2:], y[2:]))
    assert (n, a, b) == (4, 3.0, 4.0)
    assert (xx, yy, xy) == (14, 24, 18)
