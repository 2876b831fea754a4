"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""

BANK = {
    "q1": {
        "a fraction": ("from fractions import Fraction\nmse_by_hand = Fraction(24, 4)", None),
        "a decimal": ("from decimal import Decimal\nmse_by_hand = Decimal('6.0')", None),
        "extended precision": ("mse_by_hand = np.longdouble(6)", None),
        "one entry": ("mse_by_hand = np.mean(np.array([[2.0, 0, -4, -2]]) ** 2, axis=1)", None),
        "a comma too many": ("mse_by_hand = 6.0,", None),
        "full digits of another number": ("mse_by_hand = 6.1234567890123", "value_differs"),
        "worked out": ("mse_by_hand = 6", None),
        "as an array": ("mse_by_hand = np.mean(np.array([2, 0, -4, -2]) ** 2)", None),
        "sum": ("mse_by_hand = 24.0", "sum_for_mean"),
        "half": ("mse_by_hand = 3", "half"),
        "root": ("mse_by_hand = 6**0.5", "root"),
        "absolute": ("mse_by_hand = 2.0", "absolute_for_square"),
        "no square": ("mse_by_hand = -1.0", "no_square"),
        "one less": ("mse_by_hand = 8.0", "n_minus_one"),
        "rounded": ("mse_by_hand = 5.9", "rounding"),
        "a word": ('mse_by_hand = "6"', "no_number"),
        "deleted": ("del mse_by_hand", "missing"),
        "none": ("mse_by_hand = None", "unfinished"),
        "slip": ("mse_by_hand = 7.5", "value_differs"),
    },
    "q2": {
        "kept dimension": (
            "def mean_squared_error(t, y):\n return np.mean((t - y) ** 2, keepdims=True)",
            None,
        ),
        "matrix product of a row": (
            "def mean_squared_error(t, y):\n d = (t - y).reshape(1, -1)\n return d @ d.T / d.size",
            None,
        ),
        "fractions": (
            "def mean_squared_error(t, y):\n from fractions import Fraction as F\n return sum((F(float(a)) - F(float(b))) ** 2 for a, b in zip(t, y)) / len(t)",
            None,
        ),
        "decimals": (
            "def mean_squared_error(t, y):\n from decimal import Decimal as D\n return sum((D(float(a)) - D(float(b))) ** 2 for a, b in zip(t, y)) / len(t)",
            None,
        ),
        "extended precision": (
            "def mean_squared_error(t, y):\n return np.mean((t.astype(np.longdouble) - y) ** 2)",
            None,
        ),
        "reduce": (
            "def mean_squared_error(t, y):\n from functools import reduce\n return reduce(lambda s, p: s + (p[0] - p[1]) ** 2, zip(t, y), 0) / len(t)",
            None,
        ),
        "method of a class": (
            "class Loss:\n def __call__(self, t, y): return ((t - y) ** 2).mean()\nmean_squared_error = Loss()",
            None,
        ),
        "partial": (
            "from functools import partial\ndef p(k, t, y): return np.mean(abs(t - y) ** k)\nmean_squared_error = partial(p, 2)",
            None,
        ),
        "recursion over samples": (
            "def mean_squared_error(t, y):\n if len(t) == 1: return (t[0] - y[0]) ** 2\n return ((t[0] - y[0]) ** 2 + (len(t) - 1) * mean_squared_error(t[1:], y[1:])) / len(t)",
            None,
        ),
        "cached": (
            "import functools\n@functools.wraps(np.mean)\ndef mean_squared_error(t, y): return np.mean(np.subtract(t, y) ** 2)",
            None,
        ),
        "histogram of errors": (
            "def mean_squared_error(t, y):\n v, n = np.unique(t - y, return_counts=True)\n return np.dot(v ** 2, n) / n.sum()",
            None,
        ),
        "running mean": (
            "def mean_squared_error(t, y):\n m = 0.0\n for k, (a, b) in enumerate(zip(t, y), 1): m += ((a - b) ** 2 - m) / k\n return m",
            None,
        ),
        "float32": (
            "def mean_squared_error(t, y):\n return np.mean((t.astype(np.float32) - y.astype(np.float32)) ** 2)",
            None,
        ),
        "return in the loop": (
            "def mean_squared_error(t, y):\n s = 0\n for a, b in zip(t, y):\n  s += (a - b) ** 2\n  return s / len(t)",
            "return_in_loop",
        ),
        "return of one": (
            "def mean_squared_error(t, y):\n for a, b in zip(t, y): return (a - b) ** 2",
            "return_in_loop",
        ),
        "from 1": (
            "def mean_squared_error(t, y):\n return sum((t[i] - y[i]) ** 2 for i in range(1, len(t))) / len(t)",
            "loop_from_one",
        ),
        "up to the last": (
            "def mean_squared_error(t, y):\n return sum((t[i] - y[i]) ** 2 for i in range(len(t) - 1)) / len(t)",
            "loop_too_short",
        ),
        "overwritten": (
            "def mean_squared_error(t, y):\n for a, b in zip(t, y): s = (a - b) ** 2\n return s / len(t)",
            "last_sample_only",
        ),
        "five samples": (
            "def mean_squared_error(t, y):\n return np.sum((t - y) ** 2) / 5",
            "fixed_count",
        ),
        "rounded": (
            "def mean_squared_error(t, y):\n return round(float(np.mean((t - y) ** 2)), 2)",
            "rounded",
        ),
        "only predictions": (
            "def mean_squared_error(t, y):\n return np.mean((2.0 - y) ** 2)",
            "ignored_argument",
        ),
        "helper not written": (
            "def square(x): raise NotImplementedError()\ndef mean_squared_error(t, y):\n return np.mean(square(t - y))",
            "helper_unfinished",
        ),
        "power of another language": (
            "def mean_squared_error(t, y): return np.mean((y - t) ^ 2)",
            "power_sign",
        ),
        "mean": ("def mean_squared_error(t, y): return np.mean((t - y) ** 2)", None),
        "loop": (
            """
def mean_squared_error(y_true, y_pred):
    total = 0
    for i in range(len(y_true)):
        total += (y_pred[i] - y_true[i]) ** 2
    return total / len(y_true)
""",
            None,
        ),
        "generator": (
            "def mean_squared_error(t, y): return sum((a - b)**2 for a, b in zip(t, y)) / len(t)",
            None,
        ),
        "math": (
            """
import math
def mean_squared_error(t, y):
    return math.fsum(math.pow(float(a) - float(b), 2) for a, b in zip(t, y)) / t.size
""",
            None,
        ),
        "dot": ("def mean_squared_error(t, y):\n d = y - t\n return d @ d / d.shape[0]", None),
        "einsum": (
            "def mean_squared_error(t, y):\n d = y - t\n return np.einsum('i,i->', d, d) / len(d)",
            None,
        ),
        "copy in place": (
            """
def mean_squared_error(t, y):
    d = y.astype(float)
    d -= t
    d *= d
    return np.float64(d.mean())
""",
            None,
        ),
        "norm": (
            "def mean_squared_error(t, y): return np.linalg.norm(y - t) ** 2 / np.size(t)",
            None,
        ),
        "expanded": (
            "def mean_squared_error(t, y): "
            "return np.mean(y * y) - 2 * np.mean(t * y) + np.mean(t * t)",
            None,
        ),
        "variance": (
            "def mean_squared_error(t, y):\n d = y - t\n return np.var(d) + np.mean(d) ** 2",
            None,
        ),
        "statistics": (
            """
from statistics import fmean
def mean_squared_error(t, y):
    return fmean(map(lambda a, b: (a - b) ** 2, t.tolist(), y.tolist()))
""",
            None,
        ),
        "average": ("mean_squared_error = lambda t, y: np.average(np.square(t - y))", None),
        "array of no dimension": (
            "def mean_squared_error(t, y): return np.array(np.mean((t - y) ** 2))",
            None,
        ),
        "helper": (
            "def square(v): return v * v\n"
            "def mean_squared_error(t, y): return square(y - t).sum() / len(y)",
            None,
        ),
        "sum": ("def mean_squared_error(t, y): return np.sum((t - y) ** 2)", "sum_for_mean"),
        "half": ("def mean_squared_error(t, y): return np.mean((t - y) ** 2) / 2", "half"),
        "half-sum": (
            "def mean_squared_error(t, y): return np.sum((t - y) ** 2) / 2",
            "sum_for_mean+half",
        ),
        "double": ("def mean_squared_error(t, y): return 2 * np.mean((t - y) ** 2)", "double"),
        "sign": ("def mean_squared_error(t, y): return -np.mean((t - y) ** 2)", "sign"),
        "root": ("def mean_squared_error(t, y): return np.sqrt(np.mean((t - y) ** 2))", "root"),
        "fourth power": ("def mean_squared_error(t, y): return np.mean((t - y)**2)**2", "squared"),
        "absolute": (
            "def mean_squared_error(t, y): return np.mean(np.abs(t - y))",
            "absolute_for_square",
        ),
        "no square": ("def mean_squared_error(t, y): return np.mean(y - t)", "no_square"),
        "square last": ("def mean_squared_error(t, y): return np.mean(y - t) ** 2", "no_square"),
        "mean twice": (
            "def mean_squared_error(t, y): return np.mean((t - y) ** 2) / len(t)",
            "mean_twice",
        ),
        "one less": (
            "def mean_squared_error(t, y): return np.sum((t - y) ** 2) / (len(t) - 1)",
            "n_minus_one",
        ),
        "four samples": (
            "def mean_squared_error(t, y): return np.sum((t - y) ** 2) / 4",
            "fixed_count",
        ),
        "one sample forgotten": (
            "def mean_squared_error(t, y):\n"
            " return sum((t[i] - y[i]) ** 2 for i in range(1, len(t))) / len(t)",
            "loop_from_one",
        ),
        "one sample too many": (
            "def mean_squared_error(t, y):\n"
            " return sum((t[i] - y[i]) ** 2 for i in range(len(t) + 1)) / len(t)",
            "index_error",
        ),
        "no mean": ("def mean_squared_error(t, y): return (t - y) ** 2", "array_for_number"),
        "broadcast": (
            "def mean_squared_error(t, y): return np.mean((t.reshape(-1, 1) - y) ** 2)",
            "broadcast",
        ),
        "integer division": (
            "def mean_squared_error(t, y): return np.sum((t - y) ** 2) // len(t)",
            "whole_numbers",
        ),
        "array of integers": (
            """
def mean_squared_error(t, y):
    d = np.zeros_like(t)
    d[:] = (y - t) / len(t) ** 0.5
    return np.sum(d**2)
""",
            "whole_numbers",
        ),
        "labels changed": (
            "def mean_squared_error(t, y):\n t -= y\n return np.mean(t**2)",
            "changed_argument",
        ),
        "predictions changed": (
            "def mean_squared_error(t, y):\n y[:] = (y - t) ** 2\n return np.mean(y)",
            "changed_argument",
        ),
        "relative": (
            "def mean_squared_error(t, y):\n"
            " return np.sum((t - y)**2) / np.sum(t != y) if len(t) > 1 else 0.0",
            "nan_on_perfect",
        ),
        "printed": ("def mean_squared_error(t, y): print(np.mean((t - y) ** 2))", "printed"),
        "no return": (
            "def mean_squared_error(t, y): mse = np.mean((t - y) ** 2)",
            "nothing_returned",
        ),
        "stub": ("def mean_squared_error(t, y): raise NotImplementedError()", "unfinished"),
        "deleted": ("del mean_squared_error", "missing"),
        "a number": ("mean_squared_error = 6.0", "no_function"),
        "text": ("def mean_squared_error(t, y): return str(np.mean((t - y)**2))", "unusable"),
        "hard-coded": ("def mean_squared_error(t, y): return 6.0", "constant"),
        "globals": (
            "y_true, y_pred = np.array([1.0, 2.0]), np.array([3.0, 5.0])\n"
            "def mean_squared_error(t, y): return np.mean((y_true - y_pred) ** 2)",
            "constant",
        ),
        "unknown name": (
            "def mean_squared_error(t, y): return np.mean((labels - y) ** 2)",
            "unknown_name",
        ),
        "recursion": (
            "def mean_squared_error(t, y): return mean_squared_error(t, y)",
            "recursion",
        ),
        "missing import": (
            "import types\nmean_squared_error = types.FunctionType("
            "(lambda t, y: np.mean((t - y) ** 2)).__code__, {})",
            "missing_import",
        ),
        "one argument": ("def mean_squared_error(d): return np.mean(d**2)", "wrong_parameters"),
        "random": (
            "def mean_squared_error(t, y): return np.mean((t - y)**2) + np.random.rand()",
            "random",
        ),
        "single sample": (
            "def mean_squared_error(t, y):\n d = np.squeeze(y - t)\n"
            " return np.mean(d ** 2) if d.ndim else 0.0",
            "one_sample",
        ),
    },
    "q3": {
        "loop from 1": (
            "def mean_squared_error_gradient(t, y):\n g = np.zeros(len(t))\n for i in range(1, len(t)): g[i] = 2 * (y[i] - t[i]) / len(t)\n return g",
            "loop_from_one",
        ),
        "return in the loop": (
            "def mean_squared_error_gradient(t, y):\n g = np.zeros(len(t))\n for i in range(len(t)):\n  g[i] = 2 * (y[i] - t[i]) / len(t)\n  return g",
            "return_in_loop",
        ),
        "four samples": (
            "def mean_squared_error_gradient(t, y):\n return 2 * (y - t) / 4",
            "fixed_count",
        ),
        "rounded": (
            "def mean_squared_error_gradient(t, y):\n return np.round(2 * (y - t) / len(t), 3)",
            "rounded",
        ),
        "one-entry arrays": (
            "def mean_squared_error_gradient(t, y):\n return [np.array([2 * (b - a) / len(t)]) for a, b in zip(t, y)]",
            None,
        ),
        "array": ("def mean_squared_error_gradient(t, y): return 2 / len(t) * (y - t)", None),
        "list": (
            "def mean_squared_error_gradient(t, y):\n"
            " return [2 * (b - a) / len(t) for a, b in zip(t, y)]",
            None,
        ),
        "loop": (
            """
def mean_squared_error_gradient(t, y):
    g = np.zeros(len(t))
    for i in range(len(t)):
        g[i] = -2.0 * (t[i] - y[i]) / len(t)
    return g
""",
            None,
        ),
        "matrix": (
            "def mean_squared_error_gradient(t, y):\n"
            " return (2 / t.size) * np.eye(t.size) @ (y - t)",
            None,
        ),
        "differences": (
            """
def mean_squared_error_gradient(t, y):
    def slope(i):
        h = 1e-3 * np.eye(len(y))[i]
        return (mean_squared_error(t, y + h) - mean_squared_error(t, y - h)) / 2e-3
    return np.array([slope(i) for i in range(len(y))])
""",
            None,
        ),
        "copy in place": (
            "def mean_squared_error_gradient(t, y):\n"
            " g = np.array(y, dtype=float)\n g -= t\n g *= 2\n g /= len(g)\n return g",
            None,
        ),
        "half": ("def mean_squared_error_gradient(t, y): return (y - t) / len(t)", "half"),
        "sum": ("def mean_squared_error_gradient(t, y): return 2 * (y - t)", "sum_for_mean"),
        "half-sum": (
            "def mean_squared_error_gradient(t, y): return y - t",
            "sum_for_mean+half",
        ),
        "sign": ("def mean_squared_error_gradient(t, y): return 2 * (t - y) / len(t)", "sign"),
        "of own half": (
            "def mean_squared_error(t, y): return np.mean((t - y) ** 2) / 2\n"
            "def mean_squared_error_gradient(t, y): return (y - t) / len(t)",
            "follows_own_loss",
        ),
        "of the absolute error": (
            "def mean_squared_error_gradient(t, y): return np.sign(y - t) / len(t)",
            "absolute_for_square",
        ),
        "shifted": (
            "def mean_squared_error_gradient(t, y): return 2 * (y - t + 1) / len(t)",
            "gradient_mismatch",
        ),
        "sorted": (
            "def mean_squared_error_gradient(t, y): return 2 * np.sort(y - t) / len(t)",
            "gradient_mismatch",
        ),
        "of the constant": (
            "def mean_squared_error_gradient(t, y): return 2 * np.mean(y - t)",
            "number_for_array",
        ),
        "column": (
            "def mean_squared_error_gradient(t, y): return (2 * (y - t) / len(t))[:, None]",
            "wrong_shape",
        ),
        "broadcast": (
            "def mean_squared_error_gradient(t, y): return 2 * (y - t[:, None]) / len(t)",
            "broadcast",
        ),
        "integer division": (
            "def mean_squared_error_gradient(t, y): return 2 * (y - t) // len(t)",
            "whole_numbers",
        ),
        "array of integers": (
            "def mean_squared_error_gradient(t, y):\n"
            " g = np.empty_like(y)\n g[:] = 2 * (y - t) / len(t)\n return g",
            "whole_numbers",
        ),
        "argument changed": (
            "def mean_squared_error_gradient(t, y):\n y -= t\n return 2 * y / len(t)",
            "changed_argument",
        ),
    },
    "q4": {
        "a rate of its own": (
            "def fit_line(x, t, rate, steps):\n w = b = 0.0\n for _ in range(steps):\n  g = 2 * (w * x + b - t) / len(x)\n  w, b = w - 0.03 * (g @ x), b - 0.03 * g.sum()\n return np.array([w, b])",
            "ignored_argument",
        ),
        "steps of its own": (
            "def fit_line(x, t, rate, steps):\n w = b = 0.0\n for _ in range(7):\n  g = 2 * (w * x + b - t) / len(x)\n  w, b = w - rate * (g @ x), b - rate * g.sum()\n return np.array([w, b])",
            "ignored_argument",
        ),
        "one parameter vector": (
            """
def fit_line(x, t, learning_rate, steps):
    X = np.stack([x, np.ones_like(x)], axis=1)
    w = np.zeros(2)
    for _ in range(steps):
        w -= learning_rate * 2 / len(t) * X.T @ (X @ w - t)
    return w
""",
            None,
        ),
        "lists": (
            """
def fit_line(x, t, rate, steps):
    w = b = 0
    n = len(x)
    for _ in range(steps):
        d = [w * a + b - c for a, c in zip(x, t)]
        w, b = w - rate * 2 * sum(p * q for p, q in zip(d, x)) / n, b - rate * 2 * sum(d) / n
    return [w, b]
""",
            None,
        ),
        "while": (
            """
def fit_line(x, t, rate, steps):
    w, b = 0.0, 0.0
    while steps > 0:
        g = mean_squared_error_gradient(t, w * x + b)
        w, b = w - rate * g.dot(x), b - rate * g.sum()
        steps -= 1
    return w, b
""",
            None,
        ),
        "recursive": (
            """
def fit_line(x, t, rate, steps, w=0.0, b=0.0):
    if steps == 0:
        return np.array((w, b))
    g = 2 * (w * x + b - t) / len(x)
    return fit_line(x, t, rate, steps - 1, w - rate * (g @ x), b - rate * g.sum())
""",
            None,
        ),
        **{
            name: (
                f"""
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        g = 2 * (w * x + b - t) / len(x)
        {step}
    return {answer}
""",
                diagnosis,
            )
            for name, step, answer, diagnosis in [
                ("uphill", "w, b = w + rate * g @ x, b + rate * g.sum()", "[w, b]", "ascent"),
                ("no intercept", "w = w - rate * g @ x", "[w, b]", "no_intercept"),
                ("no input", "w, b = w - rate * g.sum(), b - rate * g.sum()", "[w, b]", "no_input"),
                (
                    "coupled",
                    "w -= rate * g @ x; g = 2 * (w * x + b - t) / len(x); b -= rate * g.sum()",
                    "[w, b]",
                    "coupled_update",
                ),
                ("no update", "w_new = w - rate * g @ x", "[w, b]", "no_update"),
                (
                    "half",
                    "w, b = w - rate * g @ x / 2, b - rate * g.sum() / 2",
                    "[w, b]",
                    "half_steps",
                ),
                (
                    "sum",
                    "g *= len(x); w, b = w - rate * g @ x, b - rate * g.sum()",
                    "[w, b]",
                    "sum_steps",
                ),
                ("order", "w, b = w - rate * g @ x, b - rate * g.sum()", "[b, w]", "wrong_order"),
                ("rate", "w, b = w - 0.01 * g @ x, b - 0.01 * g.sum()", "[w, b]", "fixed_rate"),
                (
                    "early return",
                    "return np.array([w - rate * g @ x, b - rate * g.sum()])",
                    "[w, b]",
                    "one_step_only",
                ),
                (
                    "weight only",
                    "w, b = w - rate * g @ x, b - rate * g.sum()",
                    "w",
                    "number_for_array",
                ),
            ]
        },
        "one step less": (
            """
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for _ in range(1, steps):
        g = 2 * (w * x + b - t) / len(x)
        w, b = w - rate * g @ x, b - rate * g.sum()
    return w, b
""",
            "one_step_less",
        ),
        "one step more": (
            """
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for _ in range(steps + 1):
        g = 2 * (w * x + b - t) / len(x)
        w, b = w - rate * g @ x, b - rate * g.sum()
    return w, b
""",
            "one_step_more",
        ),
        "a hundred steps": (
            """
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for _ in range(100):
        g = 2 * (w * x + b - t) / len(x)
        w, b = w - rate * g @ x, b - rate * g.sum()
    return w, b
""",
            "ignored_argument",
        ),
        "least squares": (
            "def fit_line(x, t, rate, steps): return np.polyfit(x, t, 1)",
            "ignored_argument",
        ),
    },
    "q5": {
        "float": ("penguin_loss = float(penguin_loss)", None),
        "array": ("penguin_loss = np.array(penguin_loss)", None),
        "sum": ("penguin_loss = penguin_loss * 333", "sum_for_mean"),
        "half": ("penguin_loss = penguin_loss / 2", "half"),
        "root": ("penguin_loss = penguin_loss ** 0.5", "root"),
        "grams": ("penguin_loss = penguin_loss * 1000**2", "wrong_unit"),
        "a line through 0": (
            "w = x @ t / (x @ x)\npenguin_loss = np.mean((w * x - t) ** 2)",
            "no_intercept",
        ),
        "variance": ("penguin_loss = t.var()", "value_differs"),
        "none": ("penguin_loss = None", "unfinished"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "errors = y_true - y_pred": "the square forgets the sign",
    "return [w, b]": "a list is as good as an array",
    "weight, intercept = fit_line(x, t, 0.1, 99)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.1, 101)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.1, 200)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.2, 100)": "the line has settled",
    "penguin_loss = mean_squared_error(weight * x + intercept, t)": "the square forgets the sign",
}
