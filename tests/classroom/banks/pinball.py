"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""


def huber(body: str) -> str:
    """Return the code of a Huber loss, with e the errors, a their sizes and d delta."""
    return f"def huber(t, y, d):\n e = y - t\n a = abs(e)\n return {body}"


def slope(body: str) -> str:
    """Return the code of its gradient, with the same names and n the number of samples."""
    return f"def huber_gradient(t, y, d):\n e = y - t\n a = abs(e)\n n = len(t)\n return {body}"


def pinball(body: str) -> str:
    """Return the code of a pinball loss, with m how much is missing and q the level."""
    return f"def pinball(t, y, q):\n m = t - y\n return {body}"


def side(body: str) -> str:
    """Return the code of its gradient, with the same names and n the number of samples."""
    return f"def pinball_gradient(t, y, q):\n m = t - y\n n = len(t)\n return {body}"


def best(body: str) -> str:
    """Return the code of the best constant, with s the labels in order and v the level."""
    return (
        "def best_constant(t, low, high):\n s = np.sort(t)\n n = len(t)\n v = low / (low + high)\n"
        f" return {body}"
    )


def line(**change: str) -> str:
    """Return the code of a descent with something changed."""
    right = {
        "range": "steps",
        "gradient": "np.clip(w * x + b - t, -delta, delta) / len(x)",
        "step": "w, b = w - rate * g @ x, b - rate * g.sum()",
        "answer": "np.array([w, b])",
    }
    parts = {**right, **change}
    return (
        "def fit_line(x, t, rate, steps, delta):\n w = b = 0.0\n"
        f" for _ in range({parts['range']}):\n  g = {parts['gradient']}\n  {parts['step']}\n"
        f" return {parts['answer']}"
    )


def calls(rounds: str = "range(10)", delta: str = "choose_delta(w * x + b - t)") -> str:
    """Return the code that finds the line of the calls in turns, with something changed."""
    return (
        f"w, b = np.polyfit(x, t, 1)\nfor _ in {rounds}:\n"
        f" w, b = fit_line(x, t, 1.0, 100, {delta})\nhuber_slope = w"
    )


INSIDE = "(share[held_out] >= low) & (share[held_out] <= high)"

BANK = {
    "q1": {
        "worked out": ("huber_constant = 12.5", None),
        "computed": ("huber_constant = (10 + 11 + 12 + 13 + 4) / 4", None),
        "fraction": ("from fractions import Fraction\nhuber_constant = Fraction(25, 2)", None),
        "mean": ("huber_constant = 29.2", "no_bound"),
        "median": ("huber_constant = 12", "straight_everywhere"),
        "without the far label": ("huber_constant = 11.5", "let_go"),
        "pull of one": ("huber_constant = 11.75", "value_differs"),
        "all pulls": ("huber_constant = [2.5, 1.5, 0.5, -0.5, -4]", "values_for_number"),
        "deleted": ("del huber_constant", "missing"),
    },
    "q2": {
        "where": (huber("np.mean(np.where(a <= d, e**2 / 2, d * a - d**2 / 2))"), None),
        "where the other way": (
            huber("np.where(a > d, d * (a - d / 2), 0.5 * a * a).mean()"),
            None,
        ),
        "loop": (
            """
def huber(y_true, y_pred, delta):
    total = 0
    for i in range(len(y_true)):
        error = abs(y_pred[i] - y_true[i])
        if error <= delta:
            total += error * error / 2
        else:
            total += delta * error - delta**2 / 2
    return total / len(y_true)
""",
            None,
        ),
        "masks": (
            "def huber(t, y, delta):\n a = np.abs(t - y).astype(float)\n far = a > delta\n"
            " a[~far] **= 2\n a[~far] /= 2\n a[far] = delta * a[far] - delta**2 / 2\n"
            " return float(a.mean())",
            None,
        ),
        "piecewise": (
            "def huber(t, y, d):\n a = np.abs(1.0 * y - t)\n"
            " return np.average(np.piecewise(a, [a <= d], [lambda v: v**2 / 2, lambda v: d * (v - d / 2)]))",
            None,
        ),
        "clip": (huber("np.mean(np.clip(e, -d, d) * (e - np.clip(e, -d, d) / 2))"), None),
        "excess": (
            huber("np.sum(np.minimum(a, d)**2 / 2 + d * np.maximum(a - d, 0)) / t.size"),
            None,
        ),
        "math": (
            "import math\ndef huber(t, y, d):\n"
            " return math.fsum(min(abs(b - a), d) * (abs(b - a) - min(abs(b - a), d) / 2)"
            " for a, b in zip(t.tolist(), y.tolist())) / len(t)",
            None,
        ),
        "long double": (
            "def huber(t, y, d):\n a = np.abs(y.astype(np.longdouble) - t)\n h = np.minimum(a, d)\n"
            " return np.mean(h * a - h * h / 2)",
            None,
        ),
        "select": (huber("np.mean(np.select([a <= d], [a * a / 2], d * a - d * d / 2))"), None),
        "sum": (huber("np.sum(np.where(a <= d, e**2 / 2, d * a - d**2 / 2))"), "sum_for_mean"),
        "half": (huber("np.mean(np.where(a <= d, e**2 / 2, d * a - d**2 / 2)) / 2"), "half"),
        "double": (huber("np.mean(np.where(a <= d, e**2, 2 * d * a - d**2))"), "double"),
        "sign": (huber("-np.mean(np.where(a <= d, e**2 / 2, d * a - d**2 / 2))"), "sign"),
        "square has no half": (
            huber("np.mean(np.where(a <= d, e**2, d * a - d**2 / 2))"),
            "no_half_square",
        ),
        "nothing subtracted": (huber("np.mean(np.where(a <= d, e**2 / 2, d * a))"), "pieces_apart"),
        "delta not squared": (
            huber("np.mean(np.where(a <= d, e**2 / 2, d * a - d / 2))"),
            "pieces_apart",
        ),
        "half for delta": (
            huber("np.mean(np.where(a <= d, e**2 / 2, d * a - 0.5))"),
            "pieces_apart",
        ),
        "whole delta subtracted": (
            huber("np.mean(np.where(a <= d, e**2 / 2, d * (a - d)))"),
            "pieces_apart",
        ),
        "plus for minus": (
            huber("np.mean(np.where(a <= d, e**2 / 2, d * a + d**2 / 2))"),
            "pieces_apart",
        ),
        "pieces exchanged": (
            huber("np.mean(np.where(a > d, e**2 / 2, d * a - d**2 / 2))"),
            "pieces_exchanged",
        ),
        "slope of one": (
            huber("np.mean(np.where(a <= d, e**2 / 2, a - d**2 / 2))"),
            "slope_of_one",
        ),
        "flat": (huber("np.mean(np.minimum(e**2, d**2) / 2)"), "let_go"),
        "outliers left out": (huber("np.mean(np.where(a <= d, e**2 / 2, 0))"), "let_go"),
        "squares": (huber("np.mean(e**2)"), "no_bound"),
        "half squares": (huber("np.mean(e**2) / 2"), "no_bound"),
        "sizes": (huber("np.mean(a)"), "straight_everywhere"),
        "sizes times delta": (huber("d * np.mean(a)"), "straight_everywhere"),
        "smooth L1": (
            huber("np.mean(np.where(a < d, 0.5 * e**2 / d, a - d / 2))"),
            "smooth_l1",
        ),
        "error for size": (
            huber("np.mean(np.where(e <= d, e**2 / 2, d * e - d**2 / 2))"),
            "no_sizes",
        ),
        "error in the straight piece": (
            huber("np.mean(np.where(a <= d, e**2 / 2, d * e - d**2 / 2))"),
            "no_sizes",
        ),
        "delta fixed": (
            huber("np.mean(np.where(a <= 1, e**2 / 2, a - 0.5))"),
            "ignored_argument",
        ),
        "no mean": (huber("np.where(a <= d, e**2 / 2, d * a - d**2 / 2)"), "array_for_number"),
        "if on an array": (
            "def huber(t, y, d):\n a = abs(y - t)\n if a <= d:\n  return np.mean(a**2 / 2)\n"
            " return np.mean(d * a - d**2 / 2)",
            "truth_of_array",
        ),
        "products of truth values": (
            huber("np.mean((a <= d) * e**2 / 2 + (a > d) * (d * a - d**2 / 2))"),
            "overflow_of_square",
        ),
        "log-cosh": (huber("d**2 * np.mean(np.log(np.cosh(e / d)))"), "differs"),
        "broadcast": (
            "def huber(t, y, d):\n a = abs(y - t[:, None])\n h = np.minimum(a, d)\n"
            " return np.mean(h * (a - h / 2), axis=0)",
            "array_for_number",
        ),
        "whole division": (
            huber("np.mean(np.where(a <= d, e**2 // 2, d * a - d**2 / 2))"),
            "differs",
        ),
        "array of whole numbers": (
            "def huber(t, y, d):\n l = np.zeros_like(y)\n a = abs(y - t)\n"
            " l[:] = np.where(a <= d, a**2 / 2, d * a - d**2 / 2)\n return l.mean()",
            "whole_numbers",
        ),
        "return in the loop": (
            "def huber(t, y, d):\n total = 0\n for a, b in zip(t, y):\n  h = min(abs(b - a), d)\n"
            "  total += h * (abs(b - a) - h / 2)\n  return total / len(t)",
            "return_in_loop",
        ),
        "predictions changed": (
            "def huber(t, y, d):\n y -= t\n h = np.minimum(abs(y), d)\n"
            " return np.mean(h * (abs(y) - h / 2))",
            "changed_argument",
        ),
        "hard-coded": ("def huber(t, y, d): return 1.234", "constant"),
        "stub": ("def huber(t, y, d): raise NotImplementedError()", "unfinished"),
        "no delta": ("def huber(t, y): return np.mean((y - t) ** 2) / 2", "wrong_parameters"),
    },
    "q3": {
        "where": (slope("np.where(a <= d, e, d * np.sign(e)) / n"), None),
        "two bounds": (slope("np.minimum(np.maximum(e, -d), d) / n"), None),
        "list": (slope("[max(-d, min(d, v)) / n for v in e]"), None),
        "shrunk": (slope("e * np.minimum(1, d / np.maximum(a, d)) / n"), None),
        "in place, on a copy": (
            "def huber_gradient(t, y, delta):\n g = np.array(y, dtype=float)\n g -= t\n"
            " g[g > delta] = delta\n g[g < -delta] = -delta\n return g / g.size",
            None,
        ),
        "integral": (slope("(abs(e + d) - abs(e - d)) / 2 / n"), "overflow_of_square"),
        "sum": (slope("np.clip(e, -d, d)"), "sum_for_mean"),
        "sign turned round": (slope("np.clip(-e, -d, d) / n"), "sign"),
        "half": (slope("np.clip(e, -d, d) / n / 2"), "half"),
        "of squares": (slope("e / n"), "no_bound"),
        "of whole squares": (slope("2 * e / n"), "no_bound"),
        "of sizes": (slope("np.sign(e) / n"), "straight_everywhere"),
        "of sizes times delta": (slope("d * np.sign(e) / n"), "straight_everywhere"),
        "one beyond delta": (slope("np.where(a <= d, e, np.sign(e)) / n"), "slope_of_one"),
        "nothing beyond delta": (slope("np.where(a <= d, e, 0) / n"), "let_go"),
        "delta for both signs": (slope("np.where(a <= d, e, d) / n"), "no_sizes"),
        "upper bound only": (slope("np.minimum(e, d) / n"), "one_sided_bound"),
        "lower bound only": (slope("np.maximum(e, -d) / n"), "one_sided_bound"),
        "twice within": (slope("np.where(a <= d, 2 * e, d * np.sign(e)) / n"), "no_half_square"),
        "smooth L1": (slope("np.clip(e / d, -1, 1) / n"), "smooth_l1"),
        "delta fixed": (slope("np.clip(e, -1, 1) / n"), "ignored_argument"),
        "one number": (slope("np.mean(np.clip(e, -d, d))"), "number_for_array"),
        "products of truth values": (
            slope("((a <= d) * e + (a > d) * e * d / np.sqrt(e**2 + 1e-300)) / n"),
            "overflow_of_square",
        ),
        "array of whole numbers": (
            "def huber_gradient(t, y, d):\n g = np.zeros_like(y)\n"
            " g[:] = np.clip(y - t, -d, d) / len(t)\n return g",
            "whole_numbers",
        ),
        "predictions changed": (
            "def huber_gradient(t, y, d):\n y -= t\n return np.clip(y, -d, d) / len(y)",
            "changed_argument",
        ),
        "of own sum": (
            "def huber(t, y, d):\n h = np.minimum(abs(y - t), d)\n"
            " return np.sum(h * (abs(y - t) - h / 2))\n" + slope("np.clip(e, -d, d)"),
            "follows_own_loss",
        ),
        "first only": (
            slope("np.append(np.clip(e, -d, d)[:1], np.zeros(n - 1)) / n"),
            "return_in_loop",
        ),
        "tangent": (slope("d * np.tanh(e / d) / n"), "gradient_mismatch"),
    },
    "q4": {
        "median": (
            "def choose_delta(errors): return 1.345 / 0.6745 * np.median(abs(errors))",
            None,
        ),
        "statistics": (
            "import statistics\ndef choose_delta(errors):\n"
            " return 1.345 * statistics.median([abs(e) for e in errors.tolist()]) / 0.6745",
            None,
        ),
        "sorted": (
            "def choose_delta(errors):\n a = sorted(abs(errors))\n n = len(a)\n"
            " return 1.345 * (a[(n - 1) // 2] + a[n // 2]) / 2 / 0.6745",
            None,
        ),
        "quantile": (
            "def choose_delta(errors): return 1.345 * np.quantile(np.sqrt(errors**2.0), 0.5) / 0.6745",
            None,
        ),
        "standard deviation": (
            "def choose_delta(errors): return 1.345 * np.std(errors)",
            "standard_deviation",
        ),
        "n minus one": (
            "def choose_delta(errors): return 1.345 * np.std(errors, ddof=1)",
            "standard_deviation",
        ),
        "mean": (
            "def choose_delta(errors): return 1.345 * np.mean(abs(errors)) / 0.6745",
            "mean_of_sizes",
        ),
        "signs kept": (
            "def choose_delta(errors): return 1.345 * np.median(errors) / 0.6745",
            "no_sizes",
        ),
        "size of the median": (
            "def choose_delta(errors): return 1.345 * abs(np.median(errors)) / 0.6745",
            "no_sizes",
        ),
        "about the median": (
            "def choose_delta(e): return 1.345 * np.median(abs(e - np.median(e))) / 0.6745",
            "about_median",
        ),
        "multiplied": (
            "def choose_delta(errors): return 1.345 * np.median(abs(errors)) * 0.6745",
            "wrong_ratio",
        ),
        "spread": ("def choose_delta(e): return np.median(abs(e)) / 0.6745", "spread_for_delta"),
        "no division": ("def choose_delta(e): return 1.345 * np.median(abs(e))", "size_for_spread"),
        "not sorted": (
            "def choose_delta(e): return 1.345 * abs(e)[len(e) // 2] / 0.6745",
            "unsorted",
        ),
        "wrong for even": (
            "def choose_delta(e): return 1.345 * sorted(abs(e))[len(e) // 2] / 0.6745",
            "one_of_two",
        ),
        "other factor": ("def choose_delta(e): return 1.5 * np.median(abs(e)) / 0.6745", "factor"),
        "sorted in place": (
            "def choose_delta(e):\n e[:] = np.sort(abs(e))\n return 1.345 * np.median(e) / 0.6745",
            "changed_argument",
        ),
        "rounded": (
            "def choose_delta(e): return round(1.345 * np.median(abs(e)) / 0.6745, 2)",
            "rounded",
        ),
    },
    "q5": {
        "arrays": (line(), None),
        "list": (line(answer="[w, b]"), None),
        "own gradient": (line(gradient="huber_gradient(t, b + x * w, delta)"), None),
        "matrix": (
            """
def fit_line(x, t, learning_rate, steps, delta):
    X = np.column_stack([x, np.ones(len(x))])
    theta = np.zeros(2)
    for k in range(steps):
        errors = X @ theta - t
        pulls = np.where(np.abs(errors) < delta, errors, delta * np.sign(errors))
        theta -= learning_rate * X.T @ pulls / len(t)
    return theta
""",
            None,
        ),
        "means": (
            line(
                gradient="np.clip(w * x + b - t, -delta, delta)",
                step="w, b = w - rate * np.mean(g * x), b - rate * g.mean()",
            ),
            None,
        ),
        "squares": (line(gradient="(w * x + b - t) / len(x)"), "no_bound"),
        "sizes": (line(gradient="np.sign(w * x + b - t) / len(x)"), "straight_everywhere"),
        "delta not used": (
            line(gradient="np.clip(w * x + b - t, -1, 1) / len(x)"),
            "ignored_argument",
        ),
        "sum": (line(gradient="np.clip(w * x + b - t, -delta, delta)"), "sum_steps"),
        "uphill": (line(step="w, b = w + rate * g @ x, b + rate * g.sum()"), "ascent"),
        "no intercept": (line(step="w = w - rate * g @ x"), "no_intercept"),
        "no input": (line(step="w, b = w - rate * g.sum(), b - rate * g.sum()"), "no_input"),
        "order": (line(answer="np.array([b, w])"), "wrong_order"),
        "rate not used": (line(step="w, b = w - 0.1 * g @ x, b - 0.1 * g.sum()"), "fixed_rate"),
        "return inside": (
            line(step="return w - rate * g @ x, b - rate * g.sum()"),
            "one_step_only",
        ),
        "one step less": (line(range="1, steps"), "one_step_less"),
        "no update": (line(step="pass"), "no_update"),
        "one after the other": (
            line(
                step="w = w - rate * g @ x\n  g = huber_gradient(t, w * x + b, delta)\n"
                "  b = b - rate * g.sum()"
            ),
            "coupled_update",
        ),
        "loss for gradient": (line(gradient="huber(t, w * x + b, delta) * x"), "differs"),
    },
    "q6": {
        "again": (calls(), None),
        "number": ("huber_slope = float(huber_slope)", None),
        "another loop": (
            "line, k = np.polyfit(x, t, 1), 0\nwhile k < 10:\n"
            " line = fit_line(x, t, 1, 100, choose_delta(t - line[0] * x - line[1]))\n k += 1\n"
            "huber_slope = line[0]",
            None,
        ),
        "least squares": ("huber_slope = np.polyfit(x, t, 1)[0]", "no_bound"),
        "one round": (calls("range(1)"), "one_round_only"),
        "delta found once": (
            calls(delta="choose_delta(np.polyval(np.polyfit(x, t, 1), x) - t)"),
            "one_round_only",
        ),
        "one round more": (calls("range(11)"), "one_round_less"),
        "default delta": (calls(delta="1.0"), "delta_of_one"),
        "intercept": ("huber_slope = b", "wrong_order"),
        "both": ("huber_slope = (w, b)", "values_for_number"),
        "sign": ("huber_slope = -huber_slope", "sign"),
        "rounded": ("huber_slope = round(huber_slope, 2)", "rounding"),
        "per year": ("huber_slope = w / phone.year.std()", "value_differs"),
    },
    "q7": {
        "where": (pinball("np.mean(np.where(m > 0, q * m, (q - 1) * m))"), None),
        "two sides": (pinball("np.mean(q * np.maximum(m, 0) + (1 - q) * np.maximum(-m, 0))"), None),
        "tilted": (pinball("np.mean(abs(m) / 2 + (q - 0.5) * m)"), None),
        "truth values": (pinball("np.sum(m * (q - (m < 0))) / m.size"), None),
        "loop": (
            """
def pinball(y_true, y_pred, quantile):
    total = 0.0
    for t, y in zip(y_true, y_pred):
        if t >= y:
            total += quantile * (t - y)
        else:
            total += (1 - quantile) * (y - t)
    return total / len(y_true)
""",
            None,
        ),
        "generator": (
            "def pinball(t, y, q): return sum(max(q * (a - b), (q - 1) * (a - b))"
            " for a, b in zip(t.tolist(), y.tolist())) / len(t)",
            None,
        ),
        "sum": (pinball("np.sum(np.maximum(q * m, (q - 1) * m))"), "sum_for_mean"),
        "double": (pinball("2 * np.mean(np.maximum(q * m, (q - 1) * m))"), "double"),
        "sides exchanged": (
            pinball("np.mean(np.maximum(-q * m, (1 - q) * m))"),
            "sides_exchanged",
        ),
        "smaller of two": (
            pinball("np.mean(np.minimum(q * m, (q - 1) * m))"),
            "sides_exchanged",
        ),
        "too low only": (pinball("np.mean(q * np.maximum(m, 0))"), "one_side_only"),
        "too high only": (pinball("np.mean((1 - q) * np.maximum(-m, 0))"), "one_side_only"),
        "wrong sign on one side": (
            pinball("np.mean(np.where(m > 0, q * m, (1 - q) * m))"),
            "negative_cost",
        ),
        "same price": (pinball("q * np.mean(abs(m))"), "same_price"),
        "level not used": (pinball("np.mean(abs(m)) / 2"), "ignored_argument"),
        "price of one": (pinball("np.mean(np.maximum(q * m, -m))"), "price_of_one"),
        "no mean": (pinball("np.maximum(q * m, (q - 1) * m)"), "array_for_number"),
        "max for maximum": (pinball("np.mean(max(q * m, (q - 1) * m))"), "truth_of_array"),
        "array of whole numbers": (
            "def pinball(t, y, q):\n l = np.zeros_like(y)\n m = t - y\n"
            " l[:] = np.maximum(q * m, (q - 1) * m)\n return l.mean()",
            "whole_numbers",
        ),
        "whole division": (
            pinball("np.sum(np.maximum(q * m, (q - 1) * m)) // len(t)"),
            "whole_numbers",
        ),
        "predictions changed": (
            "def pinball(t, y, q):\n y -= t\n return np.mean(np.maximum(-q * y, (1 - q) * y))",
            "changed_argument",
        ),
        "0 divided by 0": (
            pinball("np.mean(abs(m) * (0.5 + (q - 0.5) * m / abs(m)))"),
            "not_finite",
        ),
        "last sample only": (
            "def pinball(t, y, q):\n for a, b in zip(t, y):\n"
            "  total = max(q * (a - b), (q - 1) * (a - b))\n return total / len(t)",
            "last_sample_only",
        ),
        "arguments in another order": (
            "def pinball(quantile, y_true, y_pred):\n m = y_true - y_pred\n"
            " return np.mean(np.maximum(quantile * m, (quantile - 1) * m))",
            "swapped",
        ),
    },
    "q8": {
        "truth values": (side("((m < 0) * (1 - q) - (m > 0) * q) / n"), None),
        "brackets, and 0 at the label": (side("np.where(m == 0, 0, (m < 0) - q) / n"), None),
        "mended": (
            "def pinball_gradient(y_true, y_pred, quantile):\n errors = y_pred - y_true\n"
            " slopes = np.zeros(len(errors))\n slopes[errors > 0] = 1 - quantile\n"
            " slopes[errors < 0] = -quantile\n return slopes / len(errors)",
            None,
        ),
        "list": (
            "def pinball_gradient(t, y, q):\n slopes = []\n for a, b in zip(t, y):\n"
            "  slopes.append(0 if a == b else ((1 - q) if b > a else -q))\n"
            " return [s / len(t) for s in slopes]",
            None,
        ),
        "signs": (side("(np.sign(-m) / 2 - (q - 0.5) * (m != 0)) / n"), None),
        "copied": (
            "def pinball_gradient(t, y, q): return gradient_of_a_colleague(t, y, q)",
            "sides_exchanged",
        ),
        "two bugs left": (
            "def pinball_gradient(t, y, q):\n y -= t\n slopes = np.zeros_like(y)\n"
            " slopes[y > 0] = 1 - q\n slopes[y < 0] = -q\n return slopes / len(y)",
            "changed_argument",
        ),
        "whole numbers left": (
            "def pinball_gradient(t, y, q):\n e = y - t\n slopes = np.zeros_like(y)\n"
            " slopes[e > 0] = 1 - q\n slopes[e < 0] = -q\n return slopes / len(y)",
            "whole_numbers",
        ),
        "argument still changed": (
            "def pinball_gradient(t, y, q):\n y -= t\n"
            " return np.where(y > 0, 1 - q, np.where(y < 0, -q, 0)) / len(y)",
            "changed_argument",
        ),
        "sides exchanged": (side("np.where(m < 0, q, q - 1) / n"), "sides_exchanged"),
        "level at the label": (side("((m < 0) - q) / n"), "tie"),
        "0 divided by 0": (side("(q - 0.5 + m / abs(m) / 2) / -n"), "tie"),
        "sum": (side("np.where(m == 0, 0, (m < 0) - q)"), "sum_for_mean"),
        "sign turned round": (side("np.where(m == 0, 0, q - (m < 0)) / n"), "sign"),
        "no sign": (side("np.where(m < 0, 1 - q, q) / n"), "no_sign"),
        "same price": (side("q * np.sign(-m) / n"), "same_price"),
        "one side": (side("(m < 0) * (1 - q) / n"), "one_side_only"),
        "over errors that are not 0": (
            side("np.where(m == 0, 0, (m < 0) - q) / np.count_nonzero(m)"),
            "divided_by_nonzero",
        ),
        "one number": (side("np.mean((m < 0) - q)"), "number_for_array"),
        "level not used": (side("-np.sign(m) / n"), "same_price"),
    },
    "q9": {
        "entry": (best("s[int(np.ceil(v * n - 1e-9)) - 1]"), None),
        "search": (
            "def best_constant(t, low, high):\n"
            " def cost(c): return sum(low * max(a - c, 0) + high * max(c - a, 0) for a in t)\n"
            " return min(t, key=cost)",
            None,
        ),
        "table": (
            "def best_constant(t, low, high):\n m = t[:, None] - t\n"
            " return t[np.argmin(np.maximum(low * m, -high * m).sum(axis=0))]",
            None,
        ),
        "counted": (
            "def best_constant(t, low, high):\n for c in sorted(t):\n"
            "  if np.sum(t <= c) * (low + high) >= low * len(t):\n   return float(c)",
            None,
        ),
        "own loss": (
            best("s[np.argmin([pinball(t, np.full(n, c), v) for c in s])]"),
            None,
        ),
        "closest observation": (best("np.quantile(t, v, method='inverted_cdf')"), None),
        "sides exchanged": (
            best("np.quantile(t, 1 - v, method='inverted_cdf')"),
            "sides_exchanged",
        ),
        "interpolated": (best("np.quantile(t, v)"), "interpolated"),
        "higher": (best("np.quantile(t, v, method='higher')"), "next_to_best"),
        "nearest": (best("np.quantile(t, v, method='nearest')"), "next_to_best"),
        "one too far": (best("s[min(int(np.ceil(v * n)), n - 1)]"), "next_to_best"),
        "mean": ("def best_constant(t, low, high): return np.mean(t)", "mean_for_quantile"),
        "median": ("def best_constant(t, low, high): return np.median(t)", "median_for_quantile"),
        "one price": (
            best("np.quantile(t, low / (1 + low), method='inverted_cdf')"),
            "other_price",
        ),
        "level": (best("v"), "level_for_constant"),
        "not sorted": (best("t[int(v * n)]"), "unsorted"),
        "largest": ("def best_constant(t, low, high): return max(t)", "extreme"),
        "sorted in place": (
            "def best_constant(t, low, high):\n t.sort()\n"
            " return t[int(np.ceil(low / (low + high) * len(t) - 1e-9)) - 1]",
            "changed_argument",
        ),
        "two numbers": (best("s[:2]"), "unusable"),
        "hard-coded": ("def best_constant(t, low, high): return 45", "differs"),
    },
    "q10": {
        "count": (f"held_out_coverage = ({INSIDE}).sum() / held_out.sum()", None),
        "loop": (
            "held_out_coverage = 0\nfor s in share[held_out]:\n"
            " held_out_coverage += (low <= s <= high) / 79",
            None,
        ),
        "quantiles": (
            "low, high = np.quantile(share[~held_out], [0.1, 0.9])\n"
            f"held_out_coverage = np.mean({INSIDE})",
            None,
        ),
        "on the others": (
            "held_out_coverage = np.mean((share[~held_out] >= low) & (share[~held_out] <= high))",
            "training_samples",
        ),
        "outside": (f"held_out_coverage = 1 - np.mean({INSIDE})", "outside"),
        "percent": (f"held_out_coverage = 100 * np.mean({INSIDE})", "percent"),
        "sum": (f"held_out_coverage = np.sum({INSIDE})", "sum_for_mean"),
        "upper end": ("held_out_coverage = np.mean(share[held_out] <= high)", "one_end_only"),
        "lower end": ("held_out_coverage = np.mean(share[held_out] >= low)", "one_end_only"),
        "ends exchanged": (
            f"low, high = high, low\nheld_out_coverage = np.mean({INSIDE})",
            "ends_exchanged",
        ),
        "fitted to the held-out households": (
            "low, high = (best_constant(share[held_out], *p) for p in ((1, 9), (9, 1)))\n"
            f"held_out_coverage = np.mean({INSIDE})",
            "trained_on_held_out",
        ),
        "promised": ("held_out_coverage = 0.8", "rounding"),
        "each": (f"held_out_coverage = {INSIDE}", "no_number"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "sizes = np.abs(y_true - y_pred)": "the size forgets the sign",
    "within = np.minimum(delta, sizes)": "the smaller of two has no order",
    "return [w, b]": "a list is as good as an array",
    "return np.mean(np.maximum((quantile - 1) * missing, quantile * missing))": (
        "the larger of two has no order"
    ),
    "slopes = np.where(y_pred >= y_true, 1 - quantile, -quantile)": "the label itself comes next",
    "low = best_constant(share[~held_out], 1, 10)": "no household held out is between",
    "high = best_constant(share[~held_out], 10, 1)": "no household held out is between",
    "high = best_constant(share[~held_out], 8, 1)": "no household held out is between",
    "inside = (share[held_out] > low) & (share[held_out] <= high)": "no household is at an end",
    "inside = (share[held_out] >= low) & (share[held_out] < high)": "no household is at an end",
}
