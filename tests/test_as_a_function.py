"""A loss serves where a function does: it has a name, a signature and a text, and is pickled."""

from __future__ import annotations

import copy
import inspect
import operator
import pickle
import pydoc
import sys
from typing import Any

import pytest

import lossbook as lb
from tests.faces import FACES

EVERY = (*FACES, lb.pearson_correlation_loss)
every_function = pytest.mark.parametrize("loss", EVERY, ids=lambda loss: loss.__name__)


@every_function
def test_a_loss_has_the_name_by_which_it_is_found(loss: Any) -> None:
    for where in (lb, sys.modules[loss.__module__]):
        assert operator.attrgetter(loss.__name__)(where) is loss
    assert loss.__qualname__ == loss.__name__
    assert repr(loss) == f"<lossbook loss {loss.__name__}>"


def test_the_names_differ() -> None:
    assert len({loss.__name__ for loss in EVERY}) == len(EVERY)


@every_function
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_loss_comes_back_as_itself(loss: Any, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(loss, protocol)) is loss


@every_function
def test_a_copy_of_a_loss_is_the_loss(loss: Any) -> None:
    assert copy.copy(loss) is loss
    assert copy.deepcopy({loss: [loss]}) == {loss: [loss]}


@every_function
def test_a_loss_says_how_it_is_called_and_what_it_does(loss: Any) -> None:
    names = list(inspect.signature(loss).parameters)
    assert names[:2] == ["y_true", "y_pred"]
    assert list(inspect.signature(loss.gradient).parameters) == names
    summary, _ = pydoc.splitdoc(inspect.getdoc(loss) or "")
    assert summary.endswith(".")


class HalfSquaredError(type(lb.mean_squared_error)):  # type: ignore[misc]
    """A reader's own loss."""

    name = "half_squared_error"


half_squared_error = HalfSquaredError()


def test_a_loss_of_a_reader_s_own_is_pickled_too() -> None:
    assert pickle.loads(pickle.dumps(half_squared_error)) is half_squared_error


def test_a_class_of_losses_keeps_its_own_name() -> None:
    # What is set belongs to the loss, not to its class.
    assert type(lb.mean_squared_error).__name__ == "MeanSquaredError"
    assert type(lb.mean_squared_error).__module__ == "lossbook.losses.mean_squared_error"
