"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""

LINE = """
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for k in range({range}):
        g = {gradient}
        r = {rate}
        {step}
    return {answer}
"""


def line(**change: str) -> str:
    """Return the code of a descent with something changed."""
    right = {
        "range": "1, steps + 1",
        "gradient": "np.sign(w * x + b - t) / len(x)",
        "rate": "rate / k**0.5",
        "step": "w, b = w - r * g @ x, b - r * g.sum()",
        "answer": "np.array([w, b])",
    }
    return LINE.format(**{**right, **change})


BANK = {
    "q1": {
        "worked out": ("mae_by_hand = 2", None),
        "computed": ("mae_by_hand = (3 + 1 + 0 + 4) / 4", None),
        "sum": ("mae_by_hand = 8", "sum_for_mean"),
        "half": ("mae_by_hand = 1.0", "half"),
        "squares": ("mae_by_hand = 6.5", "square_for_absolute"),
        "root of squares": ("mae_by_hand = 6.5**0.5", "square_for_absolute"),
        "signs kept": ("mae_by_hand = -0.5", "no_square"),
        "zero not counted": ("mae_by_hand = 8 / 3", "n_minus_one"),
        "list of errors": ("mae_by_hand = [3, 1, 0, 4]", "values_for_number"),
        "deleted": ("del mae_by_hand", "missing"),
    },
    "q2": {
        "mean": ("def mean_absolute_error(t, y): return np.abs(t - y).mean()", None),
        "loop": (
            """
def mean_absolute_error(y_true, y_pred):
    total = 0
    for t, y in zip(y_true, y_pred):
        if y > t:
            total = total + (y - t)
        else:
            total = total + (t - y)
    return total / len(y_true)
""",
            None,
        ),
        "math": (
            "import math\ndef mean_absolute_error(t, y):\n"
            " return math.fsum(math.fabs(a - b) for a, b in zip(t, y)) / len(y)",
            None,
        ),
        "root of square": (
            "def mean_absolute_error(t, y): return np.mean(np.sqrt((t - y) ** 2))",
            None,
        ),
        "norm": (
            "def mean_absolute_error(t, y): return np.linalg.norm(t - y, ord=1) / len(t)",
            None,
        ),
        "larger less smaller": (
            "def mean_absolute_error(t, y): return np.mean(np.maximum(t, y) - np.minimum(t, y))",
            None,
        ),
        "einsum": (
            "def mean_absolute_error(t, y):\n"
            " d = y - t\n return np.einsum('i,i', d, np.sign(d)) / t.size",
            None,
        ),
        "copy in place": (
            "def mean_absolute_error(t, y):\n d = y.copy()\n d -= t\n d[d < 0] *= -1\n"
            " return float(np.sum(d) / len(d))",
            None,
        ),
        "where": (
            "def mean_absolute_error(t, y): return np.average(np.where(y > t, y - t, t - y))",
            None,
        ),
        "sum": ("def mean_absolute_error(t, y): return np.sum(np.abs(t - y))", "sum_for_mean"),
        "half": ("def mean_absolute_error(t, y): return np.mean(np.abs(t - y)) / 2", "half"),
        "half-sum": (
            "def mean_absolute_error(t, y): return np.abs(t - y).sum() / 2",
            "sum_for_mean+half",
        ),
        "sign": ("def mean_absolute_error(t, y): return -np.mean(np.abs(t - y))", "sign"),
        "square": (
            "def mean_absolute_error(t, y): return np.mean((t - y) ** 2)",
            "square_for_absolute",
        ),
        "root of mean square": (
            "def mean_absolute_error(t, y): return np.sqrt(np.mean((t - y) ** 2))",
            "square_for_absolute",
        ),
        "no absolute value": ("def mean_absolute_error(t, y): return np.mean(y - t)", "no_square"),
        "absolute value last": (
            "def mean_absolute_error(t, y): return abs(np.mean(y - t))",
            "no_square",
        ),
        "median": ("def mean_absolute_error(t, y): return np.median(np.abs(t - y))", "differs"),
        "no mean": ("def mean_absolute_error(t, y): return np.abs(t - y)", "array_for_number"),
        "mean twice": (
            "def mean_absolute_error(t, y): return np.mean(np.abs(t - y)) / len(t)",
            "mean_twice",
        ),
        "one less": (
            "def mean_absolute_error(t, y): return np.sum(np.abs(t - y)) / (len(t) - 1)",
            "n_minus_one",
        ),
        "broadcast": (
            "def mean_absolute_error(t, y): return np.mean(np.abs(t[:, np.newaxis] - y))",
            "broadcast",
        ),
        "integer division": (
            "def mean_absolute_error(t, y): return np.sum(np.abs(t - y)) // len(t)",
            "whole_numbers",
        ),
        "argument changed": (
            "def mean_absolute_error(t, y):\n y -= t\n return np.mean(np.abs(y))",
            "changed_argument",
        ),
        "printed": ("def mean_absolute_error(t, y): print(np.mean(np.abs(t - y)))", "printed"),
        "stub": ("def mean_absolute_error(t, y): raise NotImplementedError()", "unfinished"),
        "passes": ("def mean_absolute_error(t, y): pass", "nothing_returned"),
        "hard-coded": ("def mean_absolute_error(t, y): return 2.37", "constant"),
        "globals": (
            "def mean_absolute_error(a, b): return np.mean(np.abs(y_true - y_pred))",
            "unknown_name",
        ),
        "unknown function": (
            "def mean_absolute_error(t, y): return np.mean(np.absolut(t - y))",
            "error",
        ),
        "recursion": (
            "def mean_absolute_error(t, y): return mean_absolute_error(y, t)",
            "recursion",
        ),
        "one sample forgotten": (
            "def mean_absolute_error(t, y): return np.sum(np.abs(t - y)[:-1]) / len(t)",
            "loop_too_short",
        ),
    },
    "q3": {
        "over errors that are not 0": (
            "def mean_absolute_error_gradient(t, y):\n s = np.sign(y - t)\n return s / np.count_nonzero(s)",
            "divided_by_nonzero",
        ),
        "nearly equal": (
            "def mean_absolute_error_gradient(t, y):\n d = y - t\n return np.where(np.isclose(y, t), 0, np.sign(d)) / len(d)",
            "dead_zone",
        ),
        "a dead zone": (
            "def mean_absolute_error_gradient(t, y):\n d = y - t\n return np.where(np.abs(d) < 0.01, 0, np.sign(d)) / len(d)",
            "dead_zone",
        ),
        "smoothed": (
            "def mean_absolute_error_gradient(t, y):\n d = y - t\n return d / (np.abs(d) + 1e-8) / len(d)",
            "dead_zone",
        ),
        "quotient": (
            "def mean_absolute_error_gradient(t, y):\n d = y - t\n return np.divide(d, np.abs(d), out=np.zeros(len(d)), where=d != 0) / len(d)",
            None,
        ),
        "comparisons": (
            "def mean_absolute_error_gradient(t, y):\n d = y - t\n return ((y > t).astype(float) - (y < t)) / len(d)",
            None,
        ),
        "sign": ("def mean_absolute_error_gradient(t, y): return np.sign(y - t) / y.size", None),
        "list": (
            """
def mean_absolute_error_gradient(t, y):
    slopes = []
    for a, b in zip(t, y):
        if b > a:
            slopes.append(1 / len(t))
        elif b < a:
            slopes.append(-1 / len(t))
        else:
            slopes.append(0)
    return slopes
""",
            None,
        ),
        "two comparisons": (
            "def mean_absolute_error_gradient(t, y):\n"
            " return ((y > t).astype(float) - (y < t)) / len(t)",
            None,
        ),
        "safe division": (
            "def mean_absolute_error_gradient(t, y):\n d = (y - t).astype(float)\n"
            " return np.divide(d, np.abs(d), out=np.zeros_like(d), where=d != 0) / len(d)",
            None,
        ),
        "where": (
            "def mean_absolute_error_gradient(t, y):\n"
            " return np.where(y == t, 0.0, np.where(y > t, 1.0, -1.0)) / len(y)",
            None,
        ),
        "sum": ("def mean_absolute_error_gradient(t, y): return np.sign(y - t)", "sum_for_mean"),
        "half": (
            "def mean_absolute_error_gradient(t, y): return np.sign(y - t) / len(t) / 2",
            "half",
        ),
        "sign turned round": (
            "def mean_absolute_error_gradient(t, y): return np.sign(t - y) / len(t)",
            "sign",
        ),
        "0 divided by 0": (
            "def mean_absolute_error_gradient(t, y): return (y - t) / abs(y - t) / len(t)",
            "tie",
        ),
        "1 at the label": (
            "def mean_absolute_error_gradient(t, y): return np.where(y >= t, 1, -1) / len(t)",
            "tie",
        ),
        "-1 at the label": (
            "def mean_absolute_error_gradient(t, y): return np.where(y > t, 1, -1) / len(t)",
            "tie",
        ),
        "of squares": (
            "def mean_absolute_error_gradient(t, y): return 2 * (y - t) / len(t)",
            "square_for_absolute",
        ),
        "of own sum": (
            "def mean_absolute_error(t, y): return np.sum(np.abs(t - y))\n"
            "def mean_absolute_error_gradient(t, y): return np.sign(y - t)",
            "follows_own_loss",
        ),
        "only one side": (
            "def mean_absolute_error_gradient(t, y): return (y > t) / len(t)",
            "gradient_mismatch",
        ),
        "one number": (
            "def mean_absolute_error_gradient(t, y): return np.mean(np.sign(y - t))",
            "number_for_array",
        ),
        "absolute": (
            "def mean_absolute_error_gradient(t, y): return abs(np.sign(y - t)) / len(t)",
            "ignored_argument",
        ),
        "predictions changed": (
            "def mean_absolute_error_gradient(t, y):\n y -= t\n return np.sign(y) / len(y)",
            "changed_argument",
        ),
        "array of integers": (
            "def mean_absolute_error_gradient(t, y):\n"
            " g = np.zeros_like(y)\n g[:] = np.sign(y - t) / len(t)\n return g",
            "whole_numbers",
        ),
    },
    "q4": {
        "smallest": ("def best_constant(t): return min(t)", "differs"),
        "median": ("best_constant = np.median", None),
        "sorted": ("def best_constant(t): return sorted(t)[(len(t) - 1) // 2]", None),
        "statistics": (
            "import statistics\ndef best_constant(t): return statistics.median(t.tolist())",
            None,
        ),
        "percentile": ("def best_constant(t): return np.percentile(t, 50)", None),
        "search": (
            "def best_constant(t): return min(t, key=lambda c: mean_absolute_error(t, c))",
            None,
        ),
        "mean": ("def best_constant(t): return np.mean(t)", "mean_for_median"),
        "not sorted": ("def best_constant(t): return t[len(t) // 2]", "not_sorted"),
        "sorted in place": (
            "def best_constant(t):\n t.sort()\n return t[len(t) // 2]",
            "changed_argument",
        ),
        "middle of the range": ("def best_constant(t): return (t.min() + t.max()) / 2", "differs"),
        "one too far": ("def best_constant(t): return np.sort(t)[len(t) // 2 + 1]", "differs"),
        "wrong for even": (
            "def best_constant(t):\n"
            " return np.sort(t)[len(t) // 2] if len(t) % 2 else np.sort(t)[len(t) // 2 - 2]",
            "differs",
        ),
        "two constants": (
            "def best_constant(t): return np.sort(t)[len(t) // 2 - 1 : len(t) // 2 + 1]",
            "unusable",
        ),
        "the loss": (
            "def best_constant(t): return mean_absolute_error(t, np.median(t))",
            "differs",
        ),
        "hard-coded": ("def best_constant(t): return 4.42", "differs"),
    },
    "q5": {
        "rate divided again": (line(rate="rate = rate / k**0.5"), "wrong_decay"),
        "return inside": (line(step="return w - r * g @ x, b - r * g.sum()"), "one_step_only"),
        "mean of slopes": (
            line(step="w, b = w - r * np.mean(g * x), b - r * g.mean()"),
            "mean_twice_steps",
        ),
        "arrays": (line(), None),
        "list": (line(answer="[w, b]"), None),
        "own gradient": (line(gradient="mean_absolute_error_gradient(t, b + x * w)"), None),
        "matrix": (
            """
def fit_line(x, t, learning_rate, steps):
    X = np.column_stack([x, np.ones(len(x))])
    theta = np.zeros(2)
    for k in range(steps):
        slope = X.T @ np.sign(X @ theta - t) / len(t)
        theta = theta - learning_rate / np.sqrt(k + 1) * slope
    return theta
""",
            None,
        ),
        "rate does not shrink": (line(rate="rate"), "no_decay"),
        "rate shrinks too fast": (line(rate="rate / k"), "wrong_decay"),
        "rate not used": (line(rate="0.1 / k**0.5"), "fixed_rate"),
        "uphill": (line(step="w, b = w + r * g @ x, b + r * g.sum()"), "ascent"),
        "no intercept": (line(step="w = w - r * g @ x"), "no_intercept"),
        "no input": (line(step="w, b = w - r * g.sum(), b - r * g.sum()"), "no_input"),
        "sum": (line(gradient="np.sign(w * x + b - t)"), "sum_steps"),
        "squares": (line(gradient="2 * (w * x + b - t) / len(x)"), "square_for_absolute"),
        "order": (line(answer="np.array([b, w])"), "wrong_order"),
        "from 0": (line(range="steps", rate="rate / np.sqrt(k)"), "step_zero"),
        "divided by 0": (line(range="steps"), "error"),
        "one step less": (line(range="1, steps"), "one_step_less"),
        "no update": (line(step="pass"), "no_update"),
    },
    "q6": {
        "number": ("star_slope = float(star_slope)", None),
        "squares": (
            "w = b = 0.0\nfor k in range(1, 501):\n e = w * x + b - t\n"
            " w, b = w - 0.5 / k**0.5 * 2 * np.mean(e * x), b - 0.5 / k**0.5 * 2 * np.mean(e)\n"
            "star_slope = w",
            "square_for_absolute",
        ),
        "least squares": ("star_slope = np.polyfit(x, t, 1)[0]", "square_for_absolute"),
        "intercept": ("star_slope = fit_line(x, t, 0.5, 500)[1]", "wrong_order"),
        "both": ("star_slope = fit_line(x, t, 0.5, 500)", "values_for_number"),
        "sign": ("star_slope = -star_slope", "sign"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "errors = y_true - y_pred": "the absolute value forgets the sign",
    "return [w, b]": "a list is as good as an array",
}
