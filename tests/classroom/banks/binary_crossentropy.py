"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""

LINE = """
def fit_line(x, t, rate, steps):
    w = b = 0.0
    for k in range({range}):
        g = {gradient}
        {step}
    return {answer}
"""


def line(**change: str) -> str:
    """Return the code of a descent with something changed."""
    right = {
        "range": "steps",
        "gradient": "(1 / (1 + np.exp(-(w * x + b))) - t) / len(x)",
        "step": "w, b = w - rate * g @ x, b - rate * g.sum()",
        "answer": "np.array([w, b])",
    }
    return LINE.format(**{**right, **change})


def loss(body: str, guard: str = "np.clip(y, 1e-12, 1 - 1e-12)") -> str:
    """Return the code of a loss of probabilities p, of which a few lines are given."""
    return f"def binary_crossentropy(t, y):\n p = {guard}\n return {body}"


MEAN = "-np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))"

BANK = {
    "q1": {
        "computed": ("bce_by_hand = 4 * np.log(2) / 3", None),
        "rounded well": ("bce_by_hand = 0.9241", None),
        "base 2": ("bce_by_hand = 4 / 3", "log2"),
        "base 10": ("bce_by_hand = 0.4014", "log10"),
        "sum": ("bce_by_hand = 2.7726", "sum_for_mean"),
        "sign": ("bce_by_hand = -0.9242", "sign"),
        "only the ones": ("bce_by_hand = 0.6931", "one_class_only"),
        "only the zeros": ("bce_by_hand = 0.231", "one_class_only"),
        "rounded": ("bce_by_hand = 0.92", "rounding"),
        "no logarithm": ("bce_by_hand = 1.25 / 3", "no_logarithm"),
    },
    "q2": {
        "clip": (loss(MEAN), None),
        "log1p": (loss("-np.mean(t * np.log(p) + (1 - t) * np.log1p(-p))"), None),
        "minimum of maximum": (
            loss(MEAN, "np.minimum(np.maximum(y, 1e-12), 1 - 1e-12)"),
            None,
        ),
        "chosen class": (loss("-np.log(np.where(t == 1, p, 1 - p)).mean()"), None),
        "masks": (
            loss("-(np.sum(np.log(p[t == 1])) + np.sum(np.log(1 - p[t == 0]))) / len(t)"),
            None,
        ),
        "powers": (loss("-np.mean(np.log(p**t * (1 - p) ** (1 - t)))"), None),
        "dot": (loss("-(t @ np.log(p) + (1 - t) @ np.log(1 - p)) / len(t)"), None),
        "einsum": (
            loss(
                "-np.einsum('i,i->', t, np.log(p) - np.log(1 - p)) / t.size"
                " - np.mean(np.log(1 - p))"
            ),
            None,
        ),
        "loop": (
            """
import math
def binary_crossentropy(y_true, y_pred):
    total = 0.0
    for t, y in zip(y_true, y_pred):
        y = min(max(y, 1e-12), 1 - 1e-12)
        if t == 1:
            total -= math.log(y)
        else:
            total -= math.log(1 - y)
    return total / len(y_true)
""",
            None,
        ),
        "guarded logarithms": (
            """
def binary_crossentropy(t, y):
    def log(p):
        return np.log(np.maximum(p, 1e-12))
    return float(np.sum(t * -log(y) + (1 - t) * -log(1 - y)) / len(t))
""",
            None,
        ),
        "added": (
            "def binary_crossentropy(t, y):\n"
            " return -np.mean(t * np.log(y + 1e-12) + (1 - t) * np.log(1 - y + 1e-12))",
            None,
        ),
        "copy in place": (
            "def binary_crossentropy(t, y):\n p = y.copy()\n p[p < 1e-12] = 1e-12\n"
            " p[p > 1 - 1e-12] = 1 - 1e-12\n"
            " return np.average(-t * np.log(p) - (1 - t) * np.log(1 - p))",
            None,
        ),
        "sum": (loss(MEAN.replace("mean", "sum")), "sum_for_mean"),
        "half": (loss(MEAN + " / 2"), "half"),
        "sign": (loss(MEAN[1:]), "sign"),
        "base 2": (loss(MEAN.replace("log", "log2")), "log2"),
        "base 10": (loss(MEAN.replace("log", "log10")), "log10"),
        "base 2 and sum": (
            loss(MEAN.replace("log", "log2").replace("mean", "sum")),
            "sum_for_mean+log2",
        ),
        "swapped": (
            "def binary_crossentropy(y, t):\n p = np.clip(y, 1e-12, 1 - 1e-12)\n return " + MEAN,
            "swapped",
        ),
        "only the ones": (loss("-np.mean(t * np.log(p))"), "one_class_only"),
        "only the zeros": (loss("-np.mean((1 - t) * np.log(1 - p))"), "one_class_only"),
        "classes exchanged": (
            loss("-np.mean((1 - t) * np.log(p) + t * np.log(1 - p))"),
            "inverted",
        ),
        "no logarithm": (loss("-np.mean(t * p + (1 - t) * (1 - p))"), "no_logarithm"),
        "second sign": (
            loss("-np.mean(t * np.log(p) - (1 - t) * np.log(1 - p))"),
            "differs",
        ),
        "squares": (loss("np.mean((p - t) ** 2)"), "differs"),
        "labels off by one": (
            loss("-np.mean((t - 1) * np.log(p) + (2 - t) * np.log(1 - p))"),
            "differs",
        ),
        "broadcast": (
            loss("-np.mean(t[:, None] * np.log(p) + (1 - t[:, None]) * np.log(1 - p))"),
            "broadcast",
        ),
        "no mean": (loss(MEAN.replace("np.mean", "")), "array_for_number"),
        "no guard": (loss(MEAN, "y"), "nan_on_perfect"),
        "no guard and one term each": (
            loss("-np.mean(np.log(np.where(t == 1, p, 1 - p)))", "y"),
            "no_guard",
        ),
        "guard at 0 only": (loss(MEAN, "np.maximum(y, 1e-12)"), "one_sided_guard"),
        "guard at 1 only": (loss(MEAN, "np.minimum(y, 1 - 1e-12)"), "one_sided_guard"),
        "NaN made 0": (
            loss(
                "np.mean(np.nan_to_num(-t * np.log(p) - (1 - t) * np.log(1 - p), posinf=np.inf))",
                "y",
            ),
            "no_guard",
        ),
        "coarse": (loss(MEAN, "np.clip(y, 1e-7, 1 - 1e-7)"), "coarse_guard"),
        "a little coarse": (loss(MEAN, "np.clip(y, 1e-10, 1 - 1e-10)"), "coarse_guard"),
        "very coarse": (loss(MEAN, "np.clip(y, 1e-3, 1 - 1e-3)"), "coarse_guard"),
        "fine": (loss(MEAN, "np.clip(y, 1e-15, 1 - 1e-15)"), "fine_guard"),
        "large added": (
            "def binary_crossentropy(t, y):\n"
            " return -np.mean(t * np.log(y + 1e-4) + (1 - t) * np.log(1 - y + 1e-4))",
            "differs",
        ),
        "argument clipped": (
            "def binary_crossentropy(t, y):\n np.clip(y, 1e-12, 1 - 1e-12, out=y)\n p = y\n"
            " return " + MEAN,
            "changed_argument",
        ),
        "labels changed": (
            "def binary_crossentropy(t, y):\n p = np.clip(y, 1e-12, 1 - 1e-12)\n t[:] = 1 - t\n"
            " return -np.mean((1 - t) * np.log(p) + t * np.log(1 - p))",
            "changed_argument",
        ),
        "printed": (f"def binary_crossentropy(t, p): print({MEAN})", "printed"),
        "stub": ("def binary_crossentropy(t, y): raise NotImplementedError()", "unfinished"),
        "deleted": ("del binary_crossentropy", "missing"),
        "hard-coded": ("def binary_crossentropy(t, y): return 0.9242", "constant"),
        "math of arrays": (
            "import math\ndef binary_crossentropy(t, y): return -math.log(y)",
            "math_on_array",
        ),
        "nothing imported": (
            "import types\nbinary_crossentropy = types.FunctionType("
            f"(lambda t, p: {MEAN}).__code__, {{}})",
            "missing_import",
        ),
        "recursion": (
            "def binary_crossentropy(t, y): return binary_crossentropy(1 - t, 1 - y)",
            "recursion",
        ),
    },
    "q3": {
        "np.max": (
            "def from_logits(t, z): return np.mean(np.max(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))",
            "max_for_maximum",
        ),
        "return in the loop": (
            "def from_logits(t, z):\n for a, b in zip(t, z): return np.logaddexp(0, b) - a * b",
            "return_in_loop",
        ),
        "formula": (
            "def from_logits(t, z):\n"
            " return np.mean(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-np.abs(z))))",
            None,
        ),
        "logaddexp": (
            "def from_logits(t, z): return np.mean(np.logaddexp(0, z) - t * z)",
            None,
        ),
        "sign of the label": (
            "def from_logits(t, z): return np.logaddexp(0, (1 - 2 * t) * z).mean()",
            None,
        ),
        "loop": (
            """
from math import exp, log1p
def from_logits(t, z):
    total = 0
    for a, b in zip(t, z):
        if b > 0:
            total += (1 - a) * b + log1p(exp(-b))
        else:
            total += -a * b + log1p(exp(b))
    return total / len(t)
""",
            None,
        ),
        "sum": (
            "def from_logits(t, z): return np.sum(np.logaddexp(0, z) - t * z)",
            "sum_for_mean",
        ),
        "overflow": (
            "def from_logits(t, z): return np.mean(np.log(1 + np.exp(z)) - t * z)",
            "overflow_of_sigmoid",
        ),
        "overflow in math": (
            "import math\ndef from_logits(t, z):\n"
            " return sum(math.log(1 + math.exp(b)) - a * b for a, b in zip(t, z)) / len(t)",
            "overflow_of_sigmoid",
        ),
        "through the probability": (
            "def from_logits(t, z): return binary_crossentropy(t, 1 / (1 + np.exp(-z)))",
            "overflow_of_sigmoid",
        ),
        "logits clipped": (
            "def from_logits(t, z):\n z = np.clip(z, -30, 30)\n"
            " return np.mean(np.log(1 + np.exp(z)) - t * z)",
            "overflow_of_sigmoid",
        ),
        "logits as probabilities": (
            "def from_logits(t, z): return binary_crossentropy(t, z)",
            "no_softmax",
        ),
        "classes exchanged": (
            "def from_logits(t, z): return np.mean(np.logaddexp(0, -z) + t * z)",
            "inverted",
        ),
        "only the ones": (
            "def from_logits(t, z): return np.mean(t * np.logaddexp(0, -z))",
            "one_class_only",
        ),
        "label forgotten": (
            "def from_logits(t, z): return np.mean(np.logaddexp(0, z))",
            "ignored_argument",
        ),
        "logits changed": (
            "def from_logits(t, z):\n a = np.mean(np.logaddexp(0, z) - t * z)\n z *= 2\n return a",
            "changed_argument",
        ),
    },
    "q4": {
        "sigmoid": (
            "def from_logits_gradient(t, z): return (1 / (1 + np.exp(-z)) - t) / len(t)",
            None,
        ),
        "tanh": (
            "def from_logits_gradient(t, z): return ((1 + np.tanh(z / 2)) / 2 - t) / z.size",
            None,
        ),
        "list": (
            """
import math
def from_logits_gradient(t, z):
    def sigmoid(a):
        return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))
    return [(sigmoid(b) - a) / len(t) for a, b in zip(t, z)]
""",
            None,
        ),
        "logarithms": (
            "def from_logits_gradient(t, z): return (np.exp(-np.logaddexp(0, -z)) - t) / len(t)",
            None,
        ),
        "overflow": (
            "def from_logits_gradient(t, z):\n return (np.exp(z) / (1 + np.exp(z)) - t) / len(t)",
            "overflow_of_sigmoid",
        ),
        "overflow in math": (
            "import math\ndef from_logits_gradient(t, z):\n"
            " return [(1 / (1 + math.exp(-b)) - a) / len(t) for a, b in zip(t, z)]",
            "overflow_of_sigmoid",
        ),
        "sum": (
            "def from_logits_gradient(t, z): return 1 / (1 + np.exp(-z)) - t",
            "sum_for_mean",
        ),
        "sign": (
            "def from_logits_gradient(t, z): return (t - 1 / (1 + np.exp(-z))) / len(t)",
            "sign",
        ),
        "no label": (
            "def from_logits_gradient(t, z): return 1 / (1 + np.exp(-z)) / len(t)",
            "no_label",
        ),
        "no sigmoid": ("def from_logits_gradient(t, z): return (z - t) / len(t)", "no_softmax"),
        "of the probability": (
            "def from_logits_gradient(t, z):\n y = 1 / (1 + np.exp(-z))\n"
            " return (y - t) / (y * (1 - y)) / len(t)",
            "probability_gradient",
        ),
        "of the squared error": (
            "def from_logits_gradient(t, z):\n y = 1 / (1 + np.exp(-z))\n"
            " return 2 * (y - t) * y * (1 - y) / len(t)",
            "square_for_crossentropy",
        ),
        "half of it": (
            "def from_logits_gradient(t, z):\n y = 1 / (1 + np.exp(-z))\n"
            " return (y - t) * y * (1 - y) / len(t)",
            "gradient_mismatch",
        ),
        "rounded": (
            "def from_logits_gradient(t, z): return ((z > 0) - t) / len(t)",
            "gradient_mismatch",
        ),
        "of own sum": (
            "def from_logits(t, z): return np.sum(np.logaddexp(0, z) - t * z)\n"
            "def from_logits_gradient(t, z): return 1 / (1 + np.exp(-z)) - t",
            "follows_own_loss",
        ),
        "classes exchanged": (
            "def from_logits_gradient(t, z): return (1 / (1 + np.exp(-z)) - 1 + t) / len(t)",
            "inverted",
        ),
        "one number": (
            "def from_logits_gradient(t, z): return np.mean(1 / (1 + np.exp(-z)) - t)",
            "number_for_array",
        ),
    },
    "q5": {
        "arrays": (line(), None),
        "tuple": (line(answer="(w, b)"), None),
        "own gradient": (line(gradient="from_logits_gradient(t, w * x + b)"), None),
        "uphill": (line(step="w, b = w + rate * g @ x, b + rate * g.sum()"), "ascent"),
        "no intercept": (line(step="w -= rate * g @ x"), "no_intercept"),
        "sum": (
            line(step="w, b = w - rate * g @ x * len(x), b - rate * g.sum() * len(x)"),
            "sum_steps",
        ),
        "no sigmoid": (line(gradient="(w * x + b - t) / len(x)"), "no_softmax"),
        "one step more": (line(range="steps + 1"), "one_step_more"),
        "order": (line(answer="[b, w]"), "wrong_order"),
        "rate not used": (line(step="w, b = w - 0.1 * g @ x, b - 0.1 * g.sum()"), "fixed_rate"),
    },
    "q6": {
        "number": ("flight_loss = float(flight_loss)", None),
        "sum": ("flight_loss = flight_loss * len(t)", "sum_for_mean"),
        "base 2": ("flight_loss = flight_loss / np.log(2)", "log2"),
        "entropy": ("flight_loss = entropy", "value_differs"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "return [w, b]": "a list is as good as an array",
    "y = np.where(logits >= 0, 1, small) / (1 + small)": "at 0 both branches are one half",
    "return np.mean(np.maximum(0, logits) - logits * y_true + rest)": "a maximum has no order",
    "weight, intercept = fit_line(x, t, 1.5, 200)": "the line has settled",
    "weight, intercept = fit_line(x, t, 1.0, 200)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.5, 199)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.5, 201)": "the line has settled",
    "weight, intercept = fit_line(x, t, 0.5, 400)": "the line has settled",
}
