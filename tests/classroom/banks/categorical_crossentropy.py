"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""


def softmax(body: str) -> str:
    """Return the code of a softmax that ends in some expression."""
    return f"def softmax(z):\n e = np.exp(z - z.max(axis=1, keepdims=True))\n return {body}"


def loss(body: str, guard: str = "np.maximum(y, 1e-12)") -> str:
    """Return the code of a loss of probabilities p."""
    return f"def categorical_crossentropy(t, y):\n p = {guard}\n return {body}"


def logits(body: str) -> str:
    """Return the code of a loss of logits z, with s the shifted ones and l their logarithms."""
    return (
        "def from_logits(t, z):\n s = z - z.max(axis=1, keepdims=True)\n"
        f" l = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n return {body}"
    )


def gradient(body: str) -> str:
    """Return the code of a gradient, with p the probabilities."""
    return (
        "def from_logits_gradient(t, z):\n e = np.exp(z - z.max(axis=1)[:, None])\n"
        f" p = e / e.sum(axis=1)[:, None]\n return {body}"
    )


def penguins(rate: str = "- 0.5", steps: int = 100, value: str = "from_logits(t, X @ W)") -> str:
    """Return the code that trains on the penguins."""
    return (
        f"W = np.zeros((3, 3))\nfor _ in range({steps}):\n"
        f"    W = W {rate} * X.T @ from_logits_gradient(t, X @ W)\npenguin_loss = {value}"
    )


MEAN = "-np.mean(np.sum(t * np.log(p), axis=1))"
LOGITS = "-np.sum(t * l) / len(t)"

BANK = {
    "q1": {
        "computed": ("cce_by_hand = 2.5 * np.log(2)", None),
        "rounded well": ("cce_by_hand = 1.733", None),
        "base 2": ("cce_by_hand = 2.5", "log2"),
        "base 10": ("cce_by_hand = 0.7526", "log10"),
        "sum": ("cce_by_hand = 3.4657", "sum_for_mean"),
        "sign": ("cce_by_hand = -1.7329", "sign"),
        "mean twice": ("cce_by_hand = 0.8664", "half"),
        "over classes too": ("cce_by_hand = 0.5776", "mean_over_classes"),
        "over classes": ("cce_by_hand = 1.1552", "divided_by_classes"),
        "no logarithm": ("cce_by_hand = 0.1875", "no_logarithm"),
        "rounded": ("cce_by_hand = 1.7", "rounding"),
        "deleted": ("del cce_by_hand", "missing"),
    },
    "q2": {
        "less the least": (
            "def softmax(z):\n e = np.exp(z - z.min(axis=1, keepdims=True))\n return e / e.sum(axis=1, keepdims=True)",
            "wrong_shift",
        ),
        "less the mean": (
            "def softmax(z):\n e = np.exp(z - z.mean(axis=1, keepdims=True))\n return e / e.sum(axis=1, keepdims=True)",
            "wrong_shift",
        ),
        "a little more": (
            "def softmax(z):\n e = np.exp(z - z.max(axis=1, keepdims=True))\n return e / (e.sum(axis=1, keepdims=True) + 1e-8)",
            None,
        ),
        "over everything": (
            "def softmax(z):\n e = np.exp(z - z.max(axis=1, keepdims=True))\n return e / e.sum()",
            "whole_array",
        ),
        "return in the loop": (
            "def softmax(z):\n r = np.zeros(z.shape)\n for i in range(len(z)):\n  e = np.exp(z[i] - z[i].max())\n  r[i] = e / e.sum()\n  return r",
            "differs",
        ),
        "division": (softmax("e / e.sum(axis=1, keepdims=True)"), None),
        "transposed": (
            "def softmax(z):\n e = np.exp(z.T - z.max(1))\n return (e / e.sum(0)).T",
            None,
        ),
        "list": (
            """
import math
def softmax(logits):
    rows = []
    for row in logits:
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([p / sum(powers) for p in powers])
    return rows
""",
            None,
        ),
        "logaddexp": (
            "def softmax(z): return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))",
            None,
        ),
        "last axis": (
            "def softmax(z):\n z = z - np.amax(z, axis=-1).reshape(-1, 1)\n"
            " return np.exp(z) / np.exp(z).sum(-1).reshape(-1, 1)",
            None,
        ),
        "differences": (
            "def softmax(z):\n d = z[:, None, :] - z[:, :, None]\n"
            " return 1 / np.exp(d).sum(axis=2)",
            None,
        ),
        "copy in place": (
            "def softmax(z):\n p = z.copy()\n for row in p:\n  row -= row.max()\n"
            "  row[:] = np.exp(row)\n  row /= row.sum()\n return p",
            None,
        ),
        "no maximum": (
            "def softmax(z): return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
            "overflow",
        ),
        "maximum of the whole array": (
            "def softmax(z):\n e = np.exp(z - z.max())\n return e / e.sum(axis=1, keepdims=True)",
            "overflow",
        ),
        "logits clipped": (
            "def softmax(z):\n e = np.exp(np.clip(z, -500, 500))\n"
            " return e / e.sum(axis=1, keepdims=True)",
            "overflow",
        ),
        "mean subtracted": (
            "def softmax(z):\n e = np.exp(z - z.mean())\n return e / e.sum(axis=1, keepdims=True)",
            "overflow",
        ),
        "over the samples": (
            "def softmax(z):\n e = np.exp(z - z.max(axis=0))\n return e / e.sum(axis=0)",
            "wrong_axis",
        ),
        "maximum over the samples": (
            "def softmax(z):\n e = np.exp(z - z.max(axis=0))\n"
            " return e / e.sum(axis=1, keepdims=True)",
            "wrong_axis",
        ),
        "whole array": ("def softmax(z): return np.exp(z) / np.exp(z).sum()", "whole_array"),
        "not divided": (softmax("e"), "not_normalized"),
        "powers": ("def softmax(z): return np.exp(z)", "not_normalized"),
        "sigmoids": ("def softmax(z): return 1 / (1 + np.exp(-z))", "not_normalized"),
        "logarithm": (softmax("np.log(e / e.sum(axis=1, keepdims=True))"), "no_logarithm_asked"),
        "no powers": ("def softmax(z): return z / z.sum(axis=1, keepdims=True)", "differs"),
        "base 2": (
            "def softmax(z):\n e = 2 ** (z - z.max(axis=1, keepdims=True))\n"
            " return e / e.sum(axis=1, keepdims=True)",
            "differs",
        ),
        "transposed answer": (softmax("(e / e.sum(axis=1, keepdims=True)).T"), "wrong_shape"),
        "no keepdims": (
            "def softmax(z): return np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(1)",
            "shapes",
        ),
        "logits changed": (
            "def softmax(z):\n z -= z.max(axis=1, keepdims=True)\n"
            " return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
            "changed_argument",
        ),
        "squeezed": (
            softmax("np.squeeze(e / e.sum(axis=1, keepdims=True))"),
            "wrong_shape",
        ),
        "stub": ("def softmax(z): raise NotImplementedError()", "unfinished"),
    },
    "q3": {
        "divergence": (
            "def categorical_crossentropy(t, y):\n p = np.maximum(y, 1e-12)\n return np.sum(t * np.log(np.maximum(t, 1e-12) / p)) / len(t)",
            "divergence",
        ),
        "largest label": (
            "def categorical_crossentropy(t, y):\n return -np.mean(np.log(np.maximum(y[np.arange(len(t)), t.argmax(1)], 1e-12)))",
            "hard_label",
        ),
        "mean of sums": (loss(MEAN), None),
        "sum over all": (loss("-(t * np.log(p)).sum() / t.shape[0]"), None),
        "einsum": (loss("-np.einsum('ij,ij->', t, np.log(p)) / len(y)"), None),
        "trace": (loss("-np.trace(t @ np.log(p).T) / len(t)"), None),
        "vdot": (loss("-np.vdot(t, np.log(p)) / len(t)"), None),
        "both ends": (loss(MEAN, "np.clip(y, 1e-12, 1)"), None),
        "added": (loss(MEAN, "y + 1e-12"), None),
        "where": (loss(MEAN, "np.where(y < 1e-12, 1e-12, y)"), None),
        "loop": (
            """
from math import log
def categorical_crossentropy(y_true, y_pred):
    total = 0
    for i in range(len(y_true)):
        for j in range(len(y_true[i])):
            total -= y_true[i][j] * log(max(y_pred[i][j], 1e-12))
    return total / len(y_true)
""",
            None,
        ),
        "average": (loss("np.average((t * -np.log(p)) @ np.ones(t.shape[1]))"), None),
        "products": (loss("-np.log(np.prod(p**t, axis=1)).mean()"), None),
        "sum": (loss("-np.sum(t * np.log(p))"), "sum_for_mean"),
        "half": (loss(MEAN + " / 2"), "half"),
        "sign": (loss(MEAN[1:]), "sign"),
        "base 2": (loss(MEAN.replace("log", "log2")), "log2"),
        "base 10": (loss(MEAN.replace("log", "log10")), "log10"),
        "mean over everything": (loss("-np.mean(t * np.log(p))"), "mean_over_classes"),
        "sum over samples": (loss(MEAN.replace("axis=1", "axis=0")), "divided_by_classes"),
        "divided by C": (loss("-np.sum(t * np.log(p)) / t.shape[1]"), "divided_by_classes"),
        "swapped": (
            "def categorical_crossentropy(y, t):\n p = np.maximum(y, 1e-12)\n return " + MEAN,
            "swapped",
        ),
        "binary": (
            loss("-np.mean(np.sum(t * np.log(p) + (1 - t) * np.log(1 - p), axis=1))"),
            "unlabeled_classes",
        ),
        "binary mean": (
            loss("-np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))"),
            "unlabeled_classes",
        ),
        "label forgotten": (loss("-np.mean(np.sum(np.log(p), axis=1))"), "unlabeled_classes"),
        "other classes": (loss("-np.mean(np.sum((1 - t) * np.log(p), axis=1))"), "inverted"),
        "no logarithm": (loss("-np.mean(np.sum(t * p, axis=1))"), "no_logarithm"),
        "logarithm last": (loss("-np.log(np.mean(np.sum(t * p, axis=1)))"), "mean_in_logarithm"),
        "softmax again": (
            loss("-np.mean(np.sum(t * np.log(softmax(p)), axis=1))"),
            "softmax_twice",
        ),
        "one class of each row": (
            loss("-np.mean(np.log(p[np.arange(len(t)), t.argmax(axis=1)]))"),
            "hard_label",
        ),
        "mask": (loss("-np.sum(np.log(p[t == 1])) / len(t)"), "soft_labels"),
        "labels as integers": (
            loss("-np.sum(t.astype(int) * np.log(p)) / len(t)"),
            "soft_labels",
        ),
        "no guard": (loss(MEAN, "y"), "nan_on_perfect"),
        "NaN made 0": (loss("-np.nansum(t * np.log(p)) / len(t)", "y"), "no_guard"),
        "coarse": (loss(MEAN, "np.clip(y, 1e-7, 1)"), "coarse_guard"),
        "fine": (loss(MEAN, "np.clip(y, 1e-15, 1)"), "fine_guard"),
        "no mean": (loss("-np.sum(t * np.log(p), axis=1)"), "array_for_number"),
        "printed": (loss(f"print({MEAN})"), "printed"),
        "hard-coded": (loss("1.7329"), "constant"),
        "globals": (
            "data = np.eye(3), np.full((3, 3), 1 / 3)\ndef categorical_crossentropy(t, y):\n"
            " return -np.sum(data[0] * np.log(data[1])) / 3",
            "constant",
        ),
        "predictions changed": (
            "def categorical_crossentropy(t, y):\n y[:] = np.log(np.maximum(y, 1e-12))\n"
            " return -np.sum(t * y) / len(t)",
            "changed_argument",
        ),
        "nothing imported": (
            "import types\ncategorical_crossentropy = types.FunctionType("
            "(lambda t, y: -np.mean(np.sum(t * np.log(y), axis=1))).__code__, {})",
            "missing_import",
        ),
        "nothing returned": (
            "def categorical_crossentropy(t, y): loss = -np.sum(t * np.log(y)) / len(t)",
            "nothing_returned",
        ),
    },
    "q4": {
        "a little more": (
            "def from_logits(t, z):\n s = z - z.max(axis=1, keepdims=True)\n l = np.log(np.exp(s).sum(axis=1, keepdims=True) + 1e-8)\n return np.sum(t * (l - s)) / len(t)",
            None,
        ),
        "shift in one place": (
            "def from_logits(t, z):\n s = z - z.max(axis=1, keepdims=True)\n l = np.log(np.exp(s).sum(axis=1, keepdims=True))\n return np.sum(t * (l - z)) / len(t)",
            "not_undone",
        ),
        "less the mean": (
            "def from_logits(t, z):\n s = z - z.mean(axis=1, keepdims=True)\n l = np.log(np.exp(s).sum(axis=1, keepdims=True))\n return np.sum(t * (l - s)) / len(t)",
            "wrong_shift",
        ),
        "log-softmax": (logits(LOGITS), None),
        "logaddexp": (
            "def from_logits(t, z):\n"
            " return np.mean(np.logaddexp.reduce(z, axis=1) - np.sum(t * z, axis=1))",
            None,
        ),
        "loop": (
            """
import math
def from_logits(y_true, logits):
    total = 0.0
    for t, z in zip(y_true, logits):
        m = max(z)
        log_sum = m + math.log(sum(math.exp(k - m) for k in z))
        total += sum(a * (log_sum - b) for a, b in zip(t, z))
    return total / len(logits)
""",
            None,
        ),
        "sum": (logits("-np.sum(t * l)"), "sum_for_mean"),
        "sign": (logits("np.sum(t * l) / len(t)"), "sign"),
        "mean over everything": (logits("-np.mean(t * l)"), "mean_over_classes"),
        "divided by C": (logits("-np.sum(t * l) / t.shape[1]"), "divided_by_classes"),
        "base 2": (logits(LOGITS + " / np.log(2)"), "log2"),
        "no maximum": (
            "def from_logits(t, z):\n"
            " l = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n return " + LOGITS,
            "overflow_of_rows",
        ),
        "through the probability": (
            "def from_logits(t, z): return categorical_crossentropy(t, softmax(z))",
            "overflow_of_rows",
        ),
        "logarithm of the softmax": (
            "def from_logits(t, z): return -np.sum(t * np.log(softmax(z))) / len(t)",
            "overflow_of_rows",
        ),
        "maximum of the whole array": (
            "def from_logits(t, z):\n s = z - z.max()\n"
            " l = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n return " + LOGITS,
            "overflow_of_rows",
        ),
        "sum over the samples": (
            "def from_logits(t, z):\n s = z - z.max(axis=0)\n"
            " l = s - np.log(np.exp(s).sum(axis=0))\n return " + LOGITS,
            "wrong_axis",
        ),
        "whole array": (
            "def from_logits(t, z):\n s = z - z.max()\n"
            " l = s - np.log(np.exp(s).sum())\n return " + LOGITS,
            "whole_array",
        ),
        "logits as probabilities": (
            "def from_logits(t, z): return categorical_crossentropy(t, z)",
            "no_softmax",
        ),
        "softmax twice": (
            logits("categorical_crossentropy(t, softmax(softmax(z)))"),
            "softmax_twice",
        ),
        "no logarithm": (logits("-np.sum(t * np.exp(l)) / len(t)"), "no_logarithm"),
        "one class of each row": (
            logits("-l[np.arange(len(t)), t.argmax(axis=1)].mean()"),
            "hard_label",
        ),
        "label forgotten": (logits("-np.sum(l) / len(t)"), "unlabeled_classes"),
        "logits changed": (
            "def from_logits(t, z):\n z -= z.max(axis=1, keepdims=True)\n"
            " z -= np.log(np.exp(z).sum(axis=1, keepdims=True))\n return -np.sum(t * z) / len(t)",
            "changed_argument",
        ),
    },
    "q5": {
        "a little more": (
            "def from_logits_gradient(t, z):\n e = np.exp(z - z.max(axis=1, keepdims=True))\n return (e / (e.sum(axis=1, keepdims=True) + 1e-8) - t) / len(t)",
            None,
        ),
        "less the mean": (
            "def from_logits_gradient(t, z):\n e = np.exp(z - z.mean(axis=1, keepdims=True))\n return (e / e.sum(axis=1, keepdims=True) - t) / len(t)",
            "wrong_shift",
        ),
        "hard labels": (
            "def from_logits_gradient(t, z):\n p = softmax(z)\n p[t == 1] -= 1\n return p / len(t)",
            "hard_label",
        ),
        "difference": (gradient("(p - t) / len(t)"), None),
        "list": (gradient("[[(b - a) / len(t) for a, b in zip(*r)] for r in zip(t, p)]"), None),
        "chain rule": (
            """
def from_logits_gradient(t, z):
    y = softmax(z)
    G = np.zeros(z.shape)
    for i in range(len(z)):
        J = np.diag(y[i]) - np.outer(y[i], y[i])
        slope = np.where(t[i] > 0, -t[i] / np.maximum(y[i], 1e-300), 0)
        G[i] = J @ slope / len(z) if y[i][t[i] > 0].min() > 0 else (y[i] - t[i]) / len(z)
    return G
""",
            None,
        ),
        "sum": (gradient("p - t"), "sum_for_mean"),
        "sign": (gradient("(t - p) / len(t)"), "sign"),
        "sum and sign": (gradient("t - p"), "sum_for_mean+sign"),
        "over classes too": (gradient("(p - t) / t.size"), "mean_over_classes"),
        "over classes": (gradient("(p - t) / t.shape[1]"), "divided_by_classes"),
        "no label": (gradient("p / len(t)"), "no_label"),
        "no softmax": (gradient("(z - t) / len(t)"), "no_softmax"),
        "of the probability": (gradient("-t / p / len(t)"), "probability_gradient"),
        "true class only": (gradient("t * (p - t) / len(t)"), "only_true_class"),
        "of the squared error": (
            gradient("2 * p * (p - t - np.sum((p - t) * p, axis=1)[:, None]) / len(t)"),
            "square_for_crossentropy",
        ),
        "own slope only": (gradient("(p - t) * p * (1 - p) / len(t)"), "gradient_mismatch"),
        "softmax over samples": (
            "def from_logits_gradient(t, z): return (softmax(z.T).T - t) / len(t)",
            "wrong_axis",
        ),
        "whole array": (
            "def from_logits_gradient(t, z): return (np.exp(z) / np.exp(z).sum() - t) / len(t)",
            "whole_array",
        ),
        "overflow": (
            "def from_logits_gradient(t, z):\n"
            " return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - t) / len(t)",
            "overflow",
        ),
        "one class of each row": (
            "def from_logits_gradient(t, z):\n p = softmax(z)\n"
            " p[np.arange(len(t)), t.argmax(axis=1)] -= 1\n return p / len(t)",
            "hard_label",
        ),
        "of own sum": (
            logits("-np.sum(t * l)") + "\n" + gradient("p - t"),
            "follows_own_loss",
        ),
        "one number": (gradient("np.mean(p - t)"), "number_for_array"),
        "mean over the samples": (gradient("np.mean(p - t, axis=0)"), "wrong_shape"),
        "labels changed": (gradient("np.subtract(p, t, out=t) / len(t)"), "changed_argument"),
    },
    "q6": {
        "again": (penguins(), None),
        "sum": (penguins(value="333 * from_logits(t, X @ W)"), "sum_for_mean"),
        "uphill": (penguins("+ 0.5"), "ascent"),
        "not trained": (penguins(steps=0), "no_update"),
        "one step less": (penguins(steps=99), "one_step_less"),
        "one step more": (penguins(steps=101), "one_step_more"),
        "rounded": ("penguin_loss = round(float(penguin_loss), 2)", "rounding"),
        "another rate": (penguins("- 0.1"), "value_differs"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "surprises = -np.log(np.maximum(1e-12, y_pred))": "a maximum does not depend on the order",
}
