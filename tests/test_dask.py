"""Larger than memory, larger than one machine: the code that the page prints, run as it stands.

The recipe runs on a real cluster of two worker processes. It needs the optional libraries of
``pip install ".[dask]"`` in the repository.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import lossbook as lb
from lossbook.batch import BLOCK
from tests.faces import batch, every_loss

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")

PAGE = Path(__file__).parents[1] / "chapters" / "training" / "larger_than_memory.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
LOSS_OF_A_FILE, GRADIENT_OF_A_FILE, RECIPE, USE, CORRELATION = BLOCKS
CHUNK = 300_000  # the last chunk is shorter
linux = pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")


def run(*blocks: str, **known: Any) -> dict[str, Any]:
    """Run code of the page, as a reader's session would."""
    names = {"__name__": "session", **known}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    return names


SESSION = run(RECIPE, CORRELATION)
mean_loss, correlation = SESSION["mean_loss"], SESSION["correlation"]
moments, merge = SESSION["moments"], SESSION["merge"]


# --- files ---


@linux
def test_the_printed_code_needs_little_memory_for_a_large_file(tmp_path: Path) -> None:
    size = 12_000_000  # 96 MB of labels, as much of predictions and of slopes
    for name, value in (("labels", 0.0), ("predictions", 1.5)):
        file = np.lib.format.open_memmap(tmp_path / f"{name}.npy", "w+", np.float64, (size,))
        file[:] = value
        file[size // 2] = 2.5
        file.flush()
    program = f"""
import os, resource
import numpy as np, lossbook as lb
lb.mean_squared_error([0.0], [1.0])
os.chdir({str(tmp_path)!r})
status = open("/proc/self/status").read()
now = 1024 * int(status.split("VmData:")[1].split()[0])
resource.setrlimit(resource.RLIMIT_DATA, (now + 64_000_000,) * 2)
try:
    np.ones({size})
    print("no limit")
except MemoryError:
    pass
{LOSS_OF_A_FILE}
{GRADIENT_OF_A_FILE}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == 2.25 * (size - 1) / size
    slopes = np.load(tmp_path / "slopes.npy", mmap_mode="r")
    assert slopes.shape == (size,)
    assert slopes[0] == slopes[-1] == 3.0 / size
    assert slopes[size // 2] == 0.0


# --- a cluster ---


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        dask.config.set({"distributed.worker.daemon": True}),
        distributed.LocalCluster(**options, dashboard_address=":0") as cluster,
    ):
        yield cluster


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    with distributed.Client(cluster) as client:
        yield client


def errors(size: int) -> tuple[Any, Any]:
    rng = da.random.default_rng(3)
    t = rng.normal(size=size, chunks=CHUNK)
    return t, t + rng.normal(size=size, chunks=CHUNK)


def drifting(size: int) -> tuple[Any, Any]:
    """Return two vectors that rise together, while their chunks hardly do."""
    rng = da.random.default_rng(5)
    drift = da.linspace(0.0, 200.0, size, chunks=CHUNK // 10)
    noise = {"size": size, "chunks": CHUNK // 10}
    return drift + 10 * rng.normal(**noise), drift + 10 * rng.normal(**noise)


def test_the_cluster_is_two_processes(client: Any) -> None:
    assert len({*client.run(os.getpid).values(), os.getpid()}) == 3


def test_the_printed_use_gives_the_loss_of_two_folders(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    t, y = (np.random.default_rng(seed).normal(size=1000) for seed in (1, 2))
    monkeypatch.chdir(tmp_path)
    for name, array in (("labels", t), ("predictions", y)):
        da.to_npy_stack(tmp_path / name, da.from_array(array, chunks=300))
    # The workers were started elsewhere; to them the folders are known by their whole address.
    use = USE.replace('"labels"', repr(str(tmp_path / "labels")))
    use = use.replace('"predictions"', repr(str(tmp_path / "predictions")))
    session = run(RECIPE, use, lb=lb, address=cluster.scheduler_address)
    session["client"].close()
    assert float(capsys.readouterr().out) == pytest.approx(lb.mean_squared_error(t, y), rel=4e-16)


def test_chunks_on_two_workers_give_the_value_of_one_machine(client: Any) -> None:
    t, y = errors(1_000_000)
    for loss in (lb.mean_squared_error, lb.mean_absolute_error):
        single = loss(*dask.compute(t, y))
        # A chunk's sum is rounded once more than a block's: half a unit, and half for the mean.
        assert abs(mean_loss(loss, t, y) - single) <= np.spacing(single)


def test_chunks_of_whole_blocks_give_it_to_the_last_bit(client: Any) -> None:
    t, y = (a.rechunk(BLOCK) for a in errors(1_000_000))
    # The block sums are then the same ones, and their sum has no rounding but the last.
    single = lb.mean_squared_error(*dask.compute(t, y))
    assert mean_loss(lb.mean_squared_error, t, y) == single


@every_loss
def test_every_loss_distributes_however_the_chunks_lie(client: Any, loss: lb.Loss) -> None:
    t, y = batch(loss, np.random.default_rng(8), 10_000)
    single = loss(t, y)
    for sizes in ((3000, 4), (1700, 2)):
        chunked_t = da.from_array(t, chunks=(2500, 4)[: t.ndim])
        chunked_y = da.from_array(y, chunks=sizes[: y.ndim])  # two divide the rows of classes
        # The careful and the quick way may differ between a short chunk and a long one.
        assert mean_loss(loss, chunked_t, chunked_y) == pytest.approx(single, rel=1e-15)


def test_a_chunk_of_more_axes_counts_all_its_samples(client: Any) -> None:
    t, y = np.zeros((4, 3)), np.arange(12.0).reshape(4, 3)
    chunked = (da.from_array(a, chunks=(3, 2)) for a in (t, y))
    assert mean_loss(lb.mean_absolute_error, *chunked) == 5.5


def test_the_sums_of_the_chunks_are_added_without_rounding(client: Any) -> None:
    y = np.array([2.0**53, *[1.0] * 9])
    chunked = (da.from_array(a, chunks=1) for a in (np.zeros(10), y))
    true = Fraction(2**53 + 9) / 10
    # Added one after the other, all the ones would be lost: 7 units in the last place.
    assert abs(Fraction(mean_loss(lb.mean_absolute_error, *chunked)) - true) <= Fraction(1, 8)


def limit_data(more: int | None) -> int:
    """Let this process take so many bytes more than now, and return how many it holds."""
    import resource

    status = Path("/proc/self/status").read_text()
    now = 1024 * int(status.split("VmData:")[1].split()[0])
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (most if more is None else now + more, most))
    return now


@pytest.fixture
def limited(client: Any) -> Iterator[Any]:
    """Give each worker room for a few chunks: 60 MB beyond what it holds already."""
    warm = errors(1_000_000)
    mean_loss(lb.mean_squared_error, *warm)  # starts what is started once
    client.run(limit_data, 60_000_000)
    yield client
    client.run(limit_data, None)


@linux
def test_a_worker_holds_no_more_than_a_few_chunks(limited: Any) -> None:
    t, y = errors(8_000_000)  # 128 MB in 27 pairs of chunks

    def hold() -> str:
        try:
            return str(np.ones(8_000_000).sum())
        except MemoryError:
            return "no room"

    assert set(limited.run(hold).values()) == {"no room"}
    assert mean_loss(lb.mean_squared_error, t, y) == pytest.approx(1.0, abs=0.01)
    assert correlation(t, y) == pytest.approx(0.5**0.5, abs=0.01)


def test_a_mean_of_chunk_means_is_another_number() -> None:
    t, y = np.zeros(3), np.array([1.0, 1.0, 4.0])
    parts = [lb.mean_absolute_error(t[:2], y[:2]), lb.mean_absolute_error(t[2:], y[2:])]
    assert np.mean(parts) == 2.5
    assert lb.mean_absolute_error(t, y) == 2.0


# --- correlation ---


def test_the_correlation_comes_from_merged_moments(client: Any) -> None:
    t, y = drifting(200_000)
    whole = lb.pearson_correlation(*dask.compute(t, y))
    assert correlation(t, y) == pytest.approx(whole, rel=1e-14)
    chunks = SESSION["chunks"]
    pairs = zip(dask.compute(*chunks(t)), dask.compute(*chunks(y)), strict=True)
    assert abs(np.mean([lb.pearson_correlation(a, b) for a, b in pairs]) - whole) > 0.1


@pytest.mark.parametrize("offset", [0.0, 1e8])
def test_merged_moments_keep_their_digits_beside_a_large_offset(client: Any, offset: float) -> None:
    rng = np.random.default_rng(6)
    t = rng.normal(size=1000) + offset
    y = t + rng.normal(size=1000)
    with mpmath.workdps(60):
        a, b = ([mpmath.mpf(x) for x in v.tolist()] for v in (t, y))
        a, b = ([x - mpmath.fsum(v) / len(v) for x in v] for v in (a, b))
        true = mpmath.fdot(a, b) / mpmath.sqrt(mpmath.fdot(a, a) * mpmath.fdot(b, b))
    chunked = (da.from_array(v, chunks=k) for v, k in ((t, 300), (y, 70)))
    assert correlation(*chunked) == pytest.approx(float(true), rel=1e-14 if offset == 0 else 1e-9)


def test_four_samples_in_two_chunks_merge_as_on_the_page() -> None:
    t, y = np.array([1.0, 3.0, 5.0, 7.0]), np.array([3.0, 1.0, 7.0, 5.0])
    one, two = moments(t[:2], y[:2]), moments(t[2:], y[2:])
    assert one == (2, 2.0, 2.0, 2.0, 2.0, -2.0)
    assert two == (2, 6.0, 6.0, 2.0, 2.0, -2.0)
    assert merge(one, two) == (4, 4.0, 4.0, 20.0, 20.0, 12.0)
    for half in (slice(2), slice(2, 4)):
        assert math.isclose(lb.pearson_correlation(t[half], y[half]), -1.0, rel_tol=1e-15)
    assert math.isclose(lb.pearson_correlation(t, y), 3 / 5, rel_tol=1e-15)


def test_chunks_of_different_sizes_merge_exactly_where_arithmetic_is_exact() -> None:
    t, y = np.array([1.0, 2.0, 6.0, 3.0]), np.array([2.0, 5.0, 8.0, 1.0])
    whole = (4, 3.0, 4.0, 14.0, 30.0, 15.0)
    for cut in (1, 3):
        assert merge(moments(t[:cut], y[:cut]), moments(t[cut:], y[cut:])) == pytest.approx(whole)
