"""Measure what a loss costs, side by side with other libraries: ``make bench``.

What is compared runs in one process, one after the other, round after round, so that what disturbs
one disturbs all. The minimum over the rounds counts. lossbook and plain NumPy have a process for
themselves, as where nothing else is installed: beside large libraries their short calls take up to
half as long again. The other libraries share one, and Keras, which decides on its backend when it
is imported, gets one for each backend; lossbook runs in each of these once more, and is what they
are compared with. Everything runs on one core. Where the processor has AVX-512, lossbook and plain
NumPy run once more without it, as on the many processors that have none.

The losses of `EVERY_SIZE` are measured at every size, from ten numbers to ten million: they show
what depends on the size. The others, which do operations of the same kinds, are measured at one
middle and one large size, so that the command ends within half an hour.

The results go to ``benchmarks/results.json``, from which the book's appendix is made. What is named
in ``make bench LOSSES="mean_squared_error"`` is measured, and the rest stays as it is stored:
a machine need not be quiet for an hour.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402  # after the threads are limited
import peers  # noqa: E402

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
SIZES = [(10,), (100,), (10_000,), (1_000_000,), (10_000_000,)]
ROWS = [(1_000_000, 10), (10_000, 1000), (2000, 50_257)]
EVERY_SIZE = (
    "mean_squared_error",
    "mean_absolute_error",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
)
LIBRARIES = ("numpy", "scikit-learn", "torch", "keras", "jax", "optax")


class Case(NamedTuple):
    """One line of the table."""

    loss: str
    gradient: bool
    shape: tuple[int, ...]
    dtype: str

    @property
    def size(self) -> int:
        """The number of predicted values; of a mean and its spread, one."""
        return int(np.prod(self.shape))


def cases(quick: bool, named: list[str]) -> list[Case]:
    """Return the cases of the named losses, or of all; what shares its arrays is side by side."""
    found = []
    for dtype in ("float64", "float32"):
        for losses, shapes in ((peers.ELEMENTWISE, SIZES), (peers.CATEGORICAL, ROWS)):
            some = shapes[2:4] if shapes is SIZES else shapes[:1]
            for shape in shapes[:-1] if quick else shapes:
                found += [
                    Case(loss, gradient, shape, dtype)
                    for loss in losses
                    for gradient in (False, True)
                    if shape in some or loss.removesuffix(".from_logits") in EVERY_SIZE
                ]
    return [case for case in found if not named or case.loss in named]


def arrays(case: Case) -> tuple[Any, Any]:
    """Return labels and predictions as they occur: a model that is better than guessing."""
    return _arrays(case._replace(gradient=False))


@lru_cache(maxsize=1)  # a loss and its gradient share their arrays
def _arrays(case: Case) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    dtype = np.dtype(case.dtype)
    if len(case.shape) == 1:
        t = rng.standard_normal(case.shape, dtype)
        y = t + rng.standard_normal(case.shape, dtype)
        if case.loss.startswith("binary"):
            t = (t > 0).astype(dtype)
            if "logits" not in case.loss:
                y = np.clip(1 / (1 + np.exp(-y)), 1e-3, 1 - 1e-3)
        elif case.loss.endswith("hinge"):
            t = np.where(t > 0, 1, -1).astype(dtype)
        elif case.loss == "poisson":
            t = rng.poisson(np.exp(t)).astype(dtype)
        elif case.loss == "gaussian_negative_log_likelihood":
            y = np.stack([y, t / 2], axis=-1)
        return t, y
    y = rng.standard_normal(case.shape, dtype)
    labels = rng.integers(0, case.shape[1], case.shape[0])
    if "logits" not in case.loss:
        np.exp(y, out=y)
        y /= y.sum(axis=1, keepdims=True)
    if case.loss.startswith("sparse"):
        return labels, y
    t = np.zeros_like(y)
    t[np.arange(len(t)), labels] = 1
    return t, y


def measure(calls: peers.Calls, budget: float) -> dict[str, float]:
    """Return the shortest time of each call, in seconds, within about `budget` seconds for all."""
    best, repeat = {}, {}
    for name, call in calls.items():
        call()  # compile, and touch the memory
        start = time.perf_counter()
        call()
        best[name] = time.perf_counter() - start
        # Long enough for the clock, short enough to fit between two disturbances.
        repeat[name] = max(1, min(100, round(1e-4 / best[name])))
    end = time.perf_counter() + budget
    rounds = 0
    while rounds < 3 or time.perf_counter() < end:
        for name, call in calls.items():
            if rounds and best[name] > budget:
                continue  # one that takes this long is not disturbed by much
            start = time.perf_counter()
            for _ in range(repeat[name]):
                call()
            best[name] = min(best[name], (time.perf_counter() - start) / repeat[name])
        rounds += 1
    return best


def newest_instructions() -> list[str]:
    """Return NumPy's names of the AVX-512 instructions that this processor has."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return [name for name in found if name.startswith("AVX512") or name == "X86_V4"]


def collect(keras: str, quick: bool, plain: bool, named: list[str]) -> list[dict[str, float]]:
    """Return the times of every case in this process: of Keras, of plain NumPy, or of others."""
    if keras:
        os.environ["KERAS_BACKEND"] = keras
    if not plain:
        import jax
        import torch

        jax.config.update("jax_enable_x64", True)
        torch.set_num_threads(1)
    todo = cases(quick, named)
    libraries = (
        [peers.lossbook_calls, peers.keras_calls]
        if keras
        else [peers.lossbook_calls, peers.numpy_calls]
        if plain
        else [
            peers.lossbook_calls,
            peers.sklearn_calls,
            peers.torch_calls,
            peers.jax_calls,
        ]
    )
    times: list[dict[str, float]] = []
    began = time.perf_counter()
    for number, case in enumerate(todo, start=1):
        if keras and not peers.in_keras(case.loss, case.gradient):
            times.append({})
            continue
        t, y = arrays(case)
        calls: peers.Calls = {}
        for library in libraries:
            calls |= library(case.loss, case.gradient, t, y)
        times.append(measure(calls, 0.1 if keras or quick else 0.3))
        name = f"{case.loss}{' gradient' * case.gradient} {case.shape} {case.dtype}"
        which = keras or ("plain" if plain else "rest")
        done = f"[{time.perf_counter() - began:4.0f} s] {which:5} {number:3}/{len(todo)}"
        print(done, name, file=sys.stderr, flush=True)
    return times


def bandwidth() -> dict[str, float]:
    """Return the seconds that reading two arrays of 1e7 numbers once takes, by dtype."""
    found = {}
    for dtype in ("float64", "float32"):
        t, y = arrays(Case("mean_squared_error", False, (10_000_000,), dtype))
        # BLAS reads both arrays with the widest instructions, and calculates almost nothing.
        found[dtype] = measure({"read": lambda t=t, y=y: t.dot(y)}, 1.0)["read"]
    return found


def machine() -> dict[str, Any]:
    """Return what the results depend on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    return {
        "cpu": cpu,
        "cores used": 1,
        "simd": next(
            iter(np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])[-1:]), ""
        ),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def with_stored(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results, and those that are stored of the other losses on the same machine."""
    stored = json.loads(RESULTS.read_text())
    if any(stored[name] != document[name] for name in ("machine", "versions")):
        return list(document["results"])
    every = stored["results"] + document["results"]
    found = {(r["loss"], r["gradient"], tuple(r["shape"]), r["dtype"]): r for r in every}
    return [found[case] for case in cases(quick=False, named=[]) if case in found]


def report(results: dict[str, Any]) -> str:
    """Return the table: nanoseconds of lossbook, and how many times as long each library takes."""
    names = ["NumPy", "scikit-learn", "PyTorch", "JAX"]
    names += [f"Keras ({backend})" for backend in ("numpy", "torch", "jax")]
    lines = [
        f"{'':62}{'lossbook':>12}" + "".join(f"{name:>15}" for name in names),
    ]
    for result in results["results"]:
        size = int(np.prod(result["shape"]))
        seconds = result["seconds"]["lossbook"]
        cost = f"{seconds * 1e6:.1f} us" if size <= 100 else f"{seconds / size * 1e9:.2f} ns/el"
        title = f"{result['loss']}{' gradient' * result['gradient']}"
        shape = " x ".join(str(n) for n in result["shape"])
        line = f"{title:47.47}{shape:>12} {result['dtype'][5:]:2}{cost:>12}"
        for name in names:
            ratio = result["ratio"].get(name)
            line += f"{ratio:>13.2f} x" if ratio else f"{'':>15}"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Run all processes, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keras", default="", help=argparse.SUPPRESS)
    parser.add_argument("--others", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="small arrays, few rounds; not stored")
    parser.add_argument("losses", nargs="*", help="only these; the others stay as stored")
    options = parser.parse_args()
    for loss in options.losses:
        if loss not in peers.ELEMENTWISE + peers.CATEGORICAL:
            parser.error(f"no loss {loss!r}; there are {peers.ELEMENTWISE + peers.CATEGORICAL}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if options.keras or options.others or options.plain:
        times = collect(options.keras, options.quick, options.plain, options.losses)
        json.dump(times, sys.stdout)
        return

    def run(*arguments: str, without: tuple[str, ...] = ()) -> list[dict[str, float]]:
        command = [sys.executable, str(Path(__file__)), *arguments, *options.losses]
        command += ["--quick"] * options.quick
        settings = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(without)}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=settings)
        return list(json.loads(done.stdout))

    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    reading = bandwidth()
    alone = run("--plain")
    newest = newest_instructions()
    older = run("--plain", without=tuple(newest)) if newest else []
    libraries = [run("--others")]
    libraries += [run("--keras", backend) for backend in ("numpy", "torch", "jax")]
    results = []
    for index, case in enumerate(cases(options.quick, options.losses)):
        seconds, ratio = {}, {}
        for times in (process[index] for process in (alone, *libraries)):
            for name in times:
                seconds.setdefault(name, times[name])
                ratio.setdefault(name, times[name] / times["lossbook"])
        del ratio["lossbook"]
        result = case._asdict() | {"date": today, "seconds": seconds, "ratio": ratio}
        if older:
            result["without AVX-512"] = older[index]
        results.append(result)
    document: dict[str, Any] = {
        "date": today,
        "machine": machine(),
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "reading two arrays of 1e7 numbers, seconds": reading,
        "results": results,
    }
    if options.losses and not options.quick:
        document["results"] = results = with_stored(document)
        days = [result["date"] for result in results]
        document["date"] = "/".join(sorted({min(days), max(days)}))  # from one to the other
    print(report(document))
    for dtype, seconds in reading.items():
        for result in results:
            if (result["loss"], result["gradient"], result["dtype"], *result["shape"]) == (
                *("mean_squared_error", False),
                *(dtype, 10_000_000),
            ):
                share = seconds / result["seconds"]["lossbook"]
                print(f"{dtype}: mean_squared_error runs at {share:.0%} of the read bandwidth")
    if not options.quick:
        RESULTS.write_text(json.dumps(document, indent=1) + "\n")
        print(f"Wrote {RESULTS}")


if __name__ == "__main__":
    main()
