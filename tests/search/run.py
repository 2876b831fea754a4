"""Search for inputs on which a result is off by more than 1e-15: ``make search``.

    make search                                # 20,000 inputs for each function, drawn anew
    make search SEARCH="--size 500 --seed 7"   # fewer, or the same again

The largest error of each function, and the input that has it, go to results.json. An error beyond
the promise is an error of the command; its input is made as simple as it can be and still fail.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.reference import off
from tests.search.subjects import SUBJECTS, Sample, Subject

RESULTS = Path(__file__).parent / "results.json"


def error(subject: Subject, sample: Sample) -> float:
    """Return the largest relative error of what one sample gives."""
    return off(subject.ask(sample), *subject.true(*sample))


def worst(name: str, size: int, seed: int) -> tuple[float, Sample]:
    """Return the largest of the errors of many samples, and the sample that has it."""
    subject = SUBJECTS[name]
    rng = np.random.default_rng([seed, *name.encode()])
    return max(((error(subject, s), s) for s in subject.draw(rng, size)), key=lambda pair: pair[0])


def simplest(name: str, sample: Sample) -> Sample:
    """Return a sample with fewer digits that is still off by more than the promise."""
    subject = SUBJECTS[name]

    def fails(candidate: Sample) -> bool:
        try:
            return error(subject, candidate) > subject.bound
        except (ValueError, ZeroDivisionError):
            return False

    def rounded(value: Any, digits: int, place: int) -> Any:
        if isinstance(value, list):
            return [float(f"{x:.{digits}g}") if i == place else x for i, x in enumerate(value)]
        return float(f"{value:.{digits}g}") if isinstance(value, float) and place == 0 else value

    for argument, value in enumerate(sample):
        for place in range(len(value) if isinstance(value, list) else 1):
            for digits in range(1, 16):
                simpler = rounded(sample[argument], digits, place)
                candidate = (*sample[:argument], simpler, *sample[argument + 1 :])
                if fails(candidate):
                    sample = candidate
                    break
    return sample


def main() -> int:
    """Search all functions, store and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("names", nargs="*", help="only these functions")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    failed = False
    for name in options.names or SUBJECTS:
        largest, sample = worst(name, options.size, options.seed)
        if largest > SUBJECTS[name].bound:
            failed, sample = True, simplest(name, sample)
        found[name] = {"largest error": float(f"{largest:.2g}"), "input": repr(sample)[:300]}
        print(f"{name:55} {largest:.2e}", flush=True)
    if not options.names:
        result = {"seed": options.seed, "inputs each": options.size, "found": found}
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    if failed:
        print("Some errors are larger than the package promises.", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
