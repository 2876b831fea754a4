"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""


def loss(body: str) -> str:
    """Return the code of a loss of probabilities, with i the numbers of the samples."""
    return f"def sparse_categorical_crossentropy(t, y):\n i = np.arange(len(t))\n return {body}"


def logits(body: str) -> str:
    """Return the code of a loss of logits, with l the logarithms of the softmax."""
    return (
        "def from_logits(t, z):\n i = np.arange(len(t))\n s = z - z.max(axis=1, keepdims=True)\n"
        f" l = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n return {body}"
    )


def gradient(step: str, body: str = "p / len(t)") -> str:
    """Return the code of a gradient, with p the probabilities and h the one-hot labels."""
    return (
        "def from_logits_gradient(t, z):\n i = np.arange(len(t))\n h = np.eye(z.shape[1])[t]\n"
        " e = np.exp(z - z.max(axis=1)[:, None])\n p = e / e.sum(axis=1)[:, None]\n"
        f" {step}\n return {body}"
    )


def digits(rate: str = "- 0.5", steps: int = 30, value: str = "from_logits(t, X @ W)") -> str:
    """Return the code that trains on the digits."""
    return (
        f"W = np.zeros((64, 10))\nfor _ in range({steps}):\n"
        f"    W = W {rate} * X.T @ from_logits_gradient(t, X @ W)\ndigits_loss = {value}"
    )


MEAN = "-np.mean(np.log(y[i, t]))"
SOFTMAX = "def softmax(z):\n e = np.exp(z - z.max(1)[:, None])\n return e / e.sum(1)[:, None]\n"

BANK = {
    "q1": {
        "computed": ("scce_by_hand = 2 * np.log(2)", None),
        "rounded well": ("scce_by_hand = 1.386", None),
        "base 2": ("scce_by_hand = 2", "log2"),
        "base 10": ("scce_by_hand = 0.602", "log10"),
        "sum": ("scce_by_hand = 4.1589", "sum_for_mean"),
        "sign": ("scce_by_hand = -1.3863", "sign"),
        "off by one": ("scce_by_hand = 7 * np.log(2) / 3", "off_by_one"),
        "over classes": ("scce_by_hand = 1.0397", "divided_by_classes"),
        "over classes too": ("scce_by_hand = 0.34657", "mean_over_classes"),
        "no logarithm": ("scce_by_hand = 0.875 / 3", "no_logarithm"),
        "logarithm last": ("scce_by_hand = 1.2321", "mean_in_logarithm"),
        "rounded": ("scce_by_hand = 1.4", "rounding"),
        "text": ("scce_by_hand = 'two times log 2'", "no_number"),
    },
    "q2": {
        "rows by label": (
            "def sparse_categorical_crossentropy(t, y): return -np.mean(np.log(y[t]))",
            "rows_by_label",
        ),
        "four samples": (
            "def sparse_categorical_crossentropy(t, y): return -np.sum(np.log(y[np.arange(len(t)), t])) / 4",
            "fixed_count",
        ),
        "loop too far": (
            "def sparse_categorical_crossentropy(t, y): return -sum(np.log(y[i, t[i]]) for i in range(len(t) + 1)) / len(t)",
            "index_error",
        ),
        "a little more": (
            "def sparse_categorical_crossentropy(t, y): return -np.mean(np.log(y[np.arange(len(t)), t] + 1e-40))",
            None,
        ),
        "rows of another batch": (
            "def sparse_categorical_crossentropy(t, y): return -np.mean(np.log(y[range(50), t]))",
            "shapes",
        ),
        "indexed": (loss(MEAN), None),
        "take along": (
            loss("-np.log(np.take_along_axis(y, t[:, None], axis=1)).mean()"),
            None,
        ),
        "comprehension": (loss("-sum(np.log(y[k][t[k]]) for k in range(len(t))) / len(t)"), None),
        "loop": (
            """
import math
def sparse_categorical_crossentropy(y_true, y_pred):
    total = 0
    for label, row in zip(y_true, y_pred):
        total -= math.log(row[label])
    return total / len(y_true)
""",
            None,
        ),
        "one-hot": (loss("-np.mean(np.log((np.eye(y.shape[1])[t] * y).sum(axis=1)))"), None),
        "diagonal": (loss("-np.log(np.diag(y[:, t])).sum() / t.size"), None),
        "flat": (loss("-np.mean(np.log(y.ravel()[i * y.shape[1] + t]))"), None),
        "mask": (loss("-np.log(y[np.arange(y.shape[1]) == t[:, None]]).mean()"), None),
        "choose": (
            loss("-np.log(np.prod(np.where(h(t, y), y, 1), axis=1)).mean()").replace(
                "return", "h = lambda t, y: np.eye(y.shape[1], dtype=bool)[t]\n return"
            ),
            None,
        ),
        "sum": (loss("-np.sum(np.log(y[i, t]))"), "sum_for_mean"),
        "half": (loss(MEAN + " / 2"), "half"),
        "sign": (loss(MEAN[1:]), "sign"),
        "base 2": (loss(MEAN.replace("log", "log2")), "log2"),
        "base 10": (loss(MEAN.replace("log", "log10")), "log10"),
        "mean twice": (loss(MEAN + " / len(t)"), "mean_twice"),
        "over classes": (loss("-np.sum(np.log(y[i, t])) / y.shape[1]"), "divided_by_classes"),
        "over classes too": (loss(MEAN + " / y.shape[1]"), "mean_over_classes"),
        "labels one less": (loss(MEAN.replace("t]", "t - 1]")), "off_by_one"),
        "labels one more": (loss(MEAN.replace("t]", "t + 1]")), "label_error"),
        "every pair": (loss("-np.mean(np.log(y[:, t]))"), "whole_columns"),
        "label times logarithm": (
            loss("-np.mean(np.sum(t[:, None] * np.log(y), axis=1))"),
            "one_hot_expected",
        ),
        "label times logarithm, mean": (
            loss("-np.mean(t[:, None] * np.log(y))"),
            "one_hot_expected",
        ),
        "largest": (loss("-np.mean(np.log(y.max(axis=1)))"), "wrong_class"),
        "rows for columns": (loss(MEAN.replace("i, t", "t, i")), "label_error"),
        "all classes": (loss("-np.mean(np.log(y))"), "unlabeled_classes"),
        "no logarithm": (loss("np.mean(y[i, t])"), "no_logarithm"),
        "logarithm last": (loss("-np.log(np.mean(y[i, t]))"), "mean_in_logarithm"),
        "softmax again": (SOFTMAX + loss("-np.mean(np.log(softmax(y)[i, t]))"), "softmax_twice"),
        "one-hot times logarithm": (
            loss("-np.sum(np.eye(y.shape[1])[t] * np.log(y)) / len(t)"),
            "nan_on_perfect",
        ),
        "guard": (loss(MEAN.replace("y[i, t]", "np.maximum(y[i, t], 1e-12)")), "coarse_guard"),
        "added": (loss(MEAN.replace("y[i, t]", "y[i, t] + 1e-7")), "coarse_guard"),
        "classes counted": (
            loss("-np.mean(np.log((np.eye(t.max() + 1)[t] * y[:, :t.max() + 1]).sum(1)))"),
            None,
        ),
        "no mean": (loss("-np.log(y[i, t])"), "array_for_number"),
        "swapped": (
            "def sparse_categorical_crossentropy(y, t):\n"
            " return -sum(math.log(y[k][t[k]]) for k in range(len(t)))\nimport math",
            "swapped",
        ),
        "hard-coded": (loss("1.3863"), "constant"),
        "printed": (loss(f"print({MEAN})"), "printed"),
        "squeezed": (
            loss("-np.mean(np.log(y[i, t])) if len(t) > 1 else 0.0"),
            "one_sample",
        ),
        "changed": (
            "def sparse_categorical_crossentropy(t, y):\n np.log(y, out=y)\n"
            " return -y[np.arange(len(t)), t].mean()",
            "changed_argument",
        ),
        "unknown": (loss("-np.mean(np.log(y_pred[i, t]))"), "unknown_name"),
    },
    "q3": {
        "shape in two": (
            "def to_one_hot(labels, classes): return np.zeros(len(labels), classes)",
            "shape_in_parentheses",
        ),
        "identity": ("def to_one_hot(t, c): return np.eye(c)[t]", None),
        "integers": ("def to_one_hot(t, c): return np.eye(c, dtype=int)[t]", None),
        "comparison": (
            "def to_one_hot(t, c): return (t[:, None] == np.arange(c)).astype(float)",
            None,
        ),
        "lists": (
            "def to_one_hot(t, c): return [[int(j == a) for j in range(c)] for a in t]",
            None,
        ),
        "loop": (
            "def to_one_hot(t, c):\n rows = np.zeros((len(t), c))\n"
            " for i, label in enumerate(t):\n  rows[i, label] = 1\n return rows",
            None,
        ),
        "off by one": ("def to_one_hot(t, c): return np.eye(c)[t - 1]", "off_by_one"),
        "one more": ("def to_one_hot(t, c): return np.eye(c)[t + 1]", "index_error"),
        "transposed": ("def to_one_hot(t, c): return np.eye(c)[t].T", "wrong_shape"),
        "classes counted": ("def to_one_hot(t, c): return np.eye(t.max() + 1)[t]", "wrong_shape"),
        "classes seen": (
            "def to_one_hot(t, c): return np.eye(len(np.unique(t)))[t]",
            "wrong_shape",
        ),
        "zeros for ones": ("def to_one_hot(t, c): return 1 - np.eye(c)[t]", "inverted"),
        "label for one": (
            "def to_one_hot(t, c): return np.eye(c)[t] * t[:, None]",
            "not_ones",
        ),
        "whole columns": (
            "def to_one_hot(t, c):\n rows = np.zeros((len(t), c))\n rows[:, t] = 1\n return rows",
            "whole_columns",
        ),
        "truth values": ("def to_one_hot(t, c): return t[:, None] == np.arange(c)", "truth_values"),
        "stub": ("def to_one_hot(t, c): raise NotImplementedError()", "unfinished"),
    },
    "q4": {
        "less the mean": (
            "def from_logits(t, z):\n s = z - z.mean(axis=1, keepdims=True)\n return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(t)), t])",
            "wrong_shift",
        ),
        "log-softmax": (logits("-l[i, t].mean()"), None),
        "logaddexp": (
            "def from_logits(t, z):\n"
            " return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), t])",
            None,
        ),
        "differences": (
            "def from_logits(t, z):\n d = z - z[np.arange(len(z)), t][:, None]\n"
            " m = d.max(axis=1)\n return np.mean(m + np.log(np.exp(d - m[:, None]).sum(axis=1)))",
            None,
        ),
        "loop": (
            """
import math
def from_logits(t, z):
    losses = []
    for label, row in zip(t, z):
        m = max(row)
        losses.append(math.log(sum(math.exp(a - m) for a in row)) + m - row[label])
    return sum(losses) / len(losses)
""",
            None,
        ),
        "one-hot": (logits("-np.sum(to_one_hot(t, z.shape[1]) * l) / len(t)"), None),
        "sum": (logits("-l[i, t].sum()"), "sum_for_mean"),
        "sign": (logits("l[i, t].mean()"), "sign"),
        "base 10": (logits("-l[i, t].mean() / np.log(10)"), "log10"),
        "off by one": (logits("-l[i, t - 1].mean()"), "off_by_one"),
        "every pair": (logits("-l[:, t].mean()"), "whole_columns"),
        "logits only": (logits("-z[i, t].mean()"), "no_softmax"),
        "no logarithm": (logits("np.exp(l[i, t]).mean()"), "no_logarithm"),
        "maximum not undone": (logits("np.mean((s - l)[i, t] - z[i, t])"), "not_undone"),
        "softmax twice": (
            SOFTMAX + logits("sparse_categorical_crossentropy(t, softmax(softmax(z)))"),
            "softmax_twice",
        ),
        "over the samples": (
            "def from_logits(t, z):\n l = z - np.log(np.exp(z).sum(axis=0))\n"
            " return -l[np.arange(len(t)), t].mean()",
            "wrong_axis",
        ),
        "whole array": (
            "def from_logits(t, z):\n l = z - np.log(np.exp(z).sum())\n"
            " return -l[np.arange(len(t)), t].mean()",
            "whole_array",
        ),
        "overflow": (
            "def from_logits(t, z):\n l = np.log(np.exp(z).sum(axis=1))\n"
            " return np.mean(l - z[np.arange(len(t)), t])",
            "overflow_of_rows",
        ),
        "through the probability": (
            SOFTMAX + logits("sparse_categorical_crossentropy(t, softmax(z))"),
            "overflow_of_rows",
        ),
        "maximum of the whole array": (
            "def from_logits(t, z):\n s = z - z.max()\n"
            " return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(t)), t])",
            "overflow_of_rows",
        ),
        "logits changed": (
            "def from_logits(t, z):\n z -= z.max(axis=1)[:, None]\n"
            " return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(t)), t])",
            "changed_argument",
        ),
    },
    "q5": {
        "minus one": (gradient("p[i, t] -= 1"), None),
        "one-hot": (gradient("", "(p - h) / len(t)"), None),
        "lists": (gradient("p = (p - h) / t.size", "p.tolist()"), None),
        "sum": (gradient("p[i, t] -= 1", "p"), "sum_for_mean"),
        "sign": (gradient("p[i, t] -= 1", "-p / len(t)"), "sign"),
        "over classes too": (gradient("p[i, t] -= 1", "p / p.size"), "mean_over_classes"),
        "no label": (gradient(""), "no_label"),
        "off by one": (gradient("p[i, t - 1] -= 1"), "off_by_one"),
        "off the end": (gradient("p[i, t + 1] -= 1"), "label_error"),
        "whole columns": (gradient("p[:, t] -= 1"), "whole_columns"),
        "label subtracted": (gradient("p -= t[:, None]"), "one_hot_expected"),
        "divided early": (gradient("p /= len(t); p[i, t] -= 1", "p"), "divided_early"),
        "no softmax": (gradient("p = z - h"), "no_softmax"),
        "of the probability": (gradient("p = -h / p"), "probability_gradient"),
        "true class only": (gradient("p = h * (p - h)"), "only_true_class"),
        "half": (gradient("p[i, t] -= 1", "p / len(t) / 2"), "half"),
        "added": (gradient("p[i, t] += 1"), "gradient_mismatch"),
        "over the samples": (gradient("p = np.exp(z) / np.exp(z).sum(0) - h"), "wrong_axis"),
        "whole array": (gradient("p = np.exp(z) / np.exp(z).sum() - h"), "whole_array"),
        "overflow": (gradient("p = np.exp(z) / np.exp(z).sum(1)[:, None] - h"), "overflow"),
        "of own sum": (
            logits("-l[i, t].sum()") + "\n" + gradient("p[i, t] -= 1", "p"),
            "follows_own_loss",
        ),
        "true class returned": (gradient("p[i, t] -= 1", "p[i, t] / len(t)"), "wrong_shape"),
        "classes counted": (gradient("p = p - np.eye(t.max() + 1)[t]"), "shapes"),
        "logits changed": (
            "def from_logits_gradient(t, z):\n z -= z.max(axis=1)[:, None]\n p = np.exp(z)\n"
            " p /= p.sum(axis=1)[:, None]\n p[np.arange(len(t)), t] -= 1\n return p / len(t)",
            "changed_argument",
        ),
    },
    "q6": {
        "again": (digits(), None),
        "sum": (digits(value="500 * from_logits(t, X @ W)"), "sum_for_mean"),
        "uphill": (digits("+ 0.5"), "ascent"),
        "not trained": (digits(steps=0), "no_update"),
        "one step less": (digits(steps=29), "one_step_less"),
        "one step more": (digits(steps=31), "one_step_more"),
        "rounded": ("digits_loss = round(float(digits_loss), 2)", "rounding"),
        "accuracy": ("digits_loss = np.mean((X @ W).argmax(axis=1) == t)", "value_differs"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT: dict[str, str] = {}
