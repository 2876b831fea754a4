"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""


def loss(body: str) -> str:
    """Return the code of the loss, with l the logarithms of the softmax."""
    return (
        "def loss(t, W, X):\n i = np.arange(len(t))\n z = X @ W\n"
        " s = z - z.max(axis=1, keepdims=True)\n"
        f" l = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n return {body}"
    )


def gradient(step: str, body: str = "X.T @ p / len(t)") -> str:
    """Return the code of the gradient, with p the probabilities and h the one-hot labels."""
    return (
        "def gradient(t, W, X):\n i = np.arange(len(t))\n h = np.eye(W.shape[1])[t]\n z = X @ W\n"
        " e = np.exp(z - z.max(axis=1)[:, None])\n p = e / e.sum(axis=1)[:, None]\n"
        f" {step}\n return {body}"
    )


def train(
    step: str = "W = W - rate * gradient(t, W, X)",
    count: str = "steps",
    start: str = "np.zeros((X.shape[1], classes))",
    value: str = "W",
) -> str:
    """Return the code of the training with something changed."""
    return (
        f"def train(X, t, classes, rate, steps):\n W = {start}\n"
        f" for _ in range({count}):\n  {step}\n return {value}"
    )


def prepare(rows: str = "images.reshape(len(images), 64) / 16") -> str:
    """Return the code that prepares images with something changed."""
    return f"def prepare(images):\n r = {rows}\n return np.column_stack([r, np.ones(len(r))])"


def digits(more: str) -> str:
    """Return the code that measures."""
    return f"a, b = prepare(seen_images), prepare(held_out_images)\n{more}"


BANK = {
    "q1": {
        "computed": ("first_loss = np.log(10)", None),
        "negative logarithm": ("first_loss = -np.log(1 / 10)", None),
        "rounded well": ("first_loss = 2.303", None),
        "base 2": ("first_loss = 3.3219", "log2"),
        "base 10": ("first_loss = 1", "log10"),
        "sign": ("first_loss = -2.3026", "sign"),
        "probability": ("first_loss = 0.1", "no_logarithm"),
        "odds": ("first_loss = 10", "no_logarithm_of_count"),
        "zero": ("first_loss = 0", "value_differs"),
        "rounded": ("first_loss = 2.3", "rounding"),
    },
    "q2": {
        "column stack": (prepare(), None),
        "append": (
            "def prepare(images):\n"
            " return np.append(images.reshape(-1, 64) / 16.0, np.ones((len(images), 1)), axis=1)",
            None,
        ),
        "filled": (
            "def prepare(images):\n X = np.ones((len(images), 65))\n"
            " X[:, :64] = images.reshape(-1, 64)\n X[:, :64] /= 16\n return X",
            None,
        ),
        "lists": (
            "def prepare(images):\n"
            " return [[g / 16 for row in image for g in row] + [1] for image in images.tolist()]",
            None,
        ),
        "not scaled": (prepare("images.reshape(len(images), 64)"), "not_scaled"),
        "bytes": (prepare("images.reshape(len(images), 64) / 255"), "wrong_scale"),
        "fifteen": (prepare("images.reshape(len(images), 64) / 15"), "wrong_scale"),
        "the batch's maximum": (
            prepare("images.reshape(len(images), 64) / images.max()"),
            "wrong_scale",
        ),
        "whole numbers": (prepare("images.reshape(len(images), 64) // 16"), "whole_numbers"),
        "no constant": ("def prepare(images): return images.reshape(-1, 64) / 16", "wrong_shape"),
        "constant first": (
            "def prepare(images): return np.insert(images.reshape(-1, 64) / 16, 0, 1, axis=1)",
            "wrong_order",
        ),
        "columns first": (
            prepare("images.transpose(0, 2, 1).reshape(-1, 64) / 16"),
            "wrong_order",
        ),
        "constant 0": (
            "def prepare(images):\n X = np.zeros((len(images), 65))\n"
            " X[:, :64] = images.reshape(-1, 64) / 16\n return X",
            "no_intercept",
        ),
        "transposed": (
            "def prepare(images):\n"
            " return np.vstack([images.reshape(-1, 64).T / 16, np.ones(len(images))])",
            "wrong_shape",
        ),
        "not flat": ("def prepare(images): return images / 16", "wrong_shape"),
        "images changed": (
            "def prepare(images):\n a = images / 16\n images[:] = 0\n"
            " return np.append(a.reshape(-1, 64), np.ones((len(a), 1)), axis=1)",
            "changed_argument",
        ),
        "stub": ("def prepare(images): raise NotImplementedError()", "unfinished"),
    },
    "q3": {
        "shift in one place": (
            "def loss(t, W, X):\n z = X @ W\n s = z - z.max(axis=1, keepdims=True)\n return np.mean(np.log(np.exp(s).sum(axis=1)) - z[np.arange(len(t)), t])",
            "not_undone",
        ),
        "less the mean": (
            "def loss(t, W, X):\n z = X @ W\n s = z - z.mean(axis=1, keepdims=True)\n return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(t)), t])",
            "overflow_of_rows",
        ),
        "log-softmax": (loss("-l[i, t].mean()"), None),
        "logaddexp": (
            "def loss(t, W, X):\n z = X @ W\n"
            " return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), t])",
            None,
        ),
        "one-hot": (loss("-np.sum(np.eye(W.shape[1])[t] * l) / len(t)"), None),
        "loop": (
            """
import math
def loss(t, W, X):
    total = 0
    for label, x in zip(t, X):
        z = [sum(a * b for a, b in zip(x, column)) for column in W.T]
        m = max(z)
        total += m + math.log(sum(math.exp(a - m) for a in z)) - z[label]
    return total / len(t)
""",
            None,
        ),
        "sum": (loss("-l[i, t].sum()"), "sum_for_mean"),
        "half": (loss("-l[i, t].mean() / 2"), "half"),
        "sign": (loss("l[i, t].mean()"), "sign"),
        "base 2": (loss("-l[i, t].mean() / np.log(2)"), "log2"),
        "base 10": (loss("-l[i, t].mean() / np.log(10)"), "log10"),
        "over classes": (loss("-l[i, t].sum() / W.shape[1]"), "divided_by_classes"),
        "over classes too": (loss("-l[i, t].mean() / W.shape[1]"), "mean_over_classes"),
        "off by one": (loss("-l[i, t - 1].mean()"), "off_by_one"),
        "off the end": (loss("-l[i, t + 1].mean()"), "label_error"),
        "every pair": (loss("-l[:, t].mean()"), "whole_columns"),
        "no logarithm": (loss("np.exp(l[i, t]).mean()"), "no_logarithm"),
        "logits only": (loss("-z[i, t].mean()"), "no_softmax"),
        "softmax twice": (
            loss("-np.log(np.exp(np.exp(l)) / np.exp(np.exp(l)).sum(1)[:, None])[i, t].mean()"),
            "softmax_twice",
        ),
        "over the samples": (
            loss("-(z - np.log(np.exp(z).sum(axis=0)))[i, t].mean()"),
            "wrong_axis",
        ),
        "whole array": (loss("-(z - np.log(np.exp(z).sum()))[i, t].mean()"), "whole_array"),
        "overflow": (loss("np.mean(np.log(np.exp(z).sum(axis=1)) - z[i, t])"), "overflow_of_rows"),
        "through the probability": (loss("-np.log(np.exp(l))[i, t].mean()"), "overflow_of_rows"),
        "guarded probability": (
            loss("-np.log(np.maximum(np.exp(l), 1e-12))[i, t].mean()"),
            "overflow_of_rows",
        ),
        "no mean": (loss("-l[i, t]"), "array_for_number"),
        "matrices exchanged": ("def loss(t, X, W): return np.mean(X @ W)", "swapped"),
        "hard-coded": (loss("2.3026"), "constant"),
        "printed": (loss("print(-l[i, t].mean())"), "printed"),
        "weights changed": (
            loss("-l[i, t].mean()").replace("z = X", "W -= W.max(axis=1)[:, None]\n z = X"),
            "changed_argument",
        ),
    },
    "q4": {
        "minus one": (gradient("p[i, t] -= 1"), None),
        "one-hot": (gradient("", "X.T @ (p - h) / len(t)"), None),
        "einsum": (gradient("", "np.einsum('id,ij->dj', X, p - h) / len(X)"), None),
        "outer products": (
            gradient("", "sum(np.outer(X[k], p[k] - h[k]) for k in i) / len(t)"),
            None,
        ),
        "list": (gradient("", "(X.T @ (p - h) / len(t)).tolist()"), None),
        "sum": (gradient("p[i, t] -= 1", "X.T @ p"), "sum_for_mean"),
        "sign": (gradient("", "X.T @ (h - p) / len(t)"), "sign"),
        "over classes too": (gradient("p[i, t] -= 1", "X.T @ p / p.size"), "mean_over_classes"),
        "no label": (gradient(""), "no_label"),
        "off by one": (gradient("p[i, t - 1] -= 1"), "off_by_one"),
        "label subtracted": (gradient("p -= t[:, None]"), "one_hot_expected"),
        "divided early": (gradient("p /= len(t); p[i, t] -= 1", "X.T @ p"), "divided_early"),
        "no softmax": (gradient("p = z - h"), "no_softmax"),
        "of the probability": (gradient("p = -h / p"), "probability_gradient"),
        "true class only": (gradient("p = h * (p - h)"), "only_true_class"),
        "no input": (
            gradient("p[i, t] -= 1", "np.tile(p.sum(axis=0) / len(t), (X.shape[1], 1))"),
            "no_input",
        ),
        "over the samples": (gradient("p = np.exp(z) / np.exp(z).sum(0) - h"), "wrong_axis"),
        "whole array": (gradient("p = np.exp(z) / np.exp(z).sum() - h"), "whole_array"),
        "overflow": (gradient("p = np.exp(z) / np.exp(z).sum(1)[:, None] - h"), "overflow"),
        "of the logits": (gradient("p[i, t] -= 1", "p / len(t)"), "wrong_shape"),
        "transposed": (gradient("p[i, t] -= 1", "p.T @ X / len(t)"), "wrong_shape"),
        "not transposed": (gradient("p[i, t] -= 1", "X @ p / len(t)"), "shapes"),
        "added": (gradient("p[i, t] += 1"), "gradient_mismatch"),
        "of own sum": (
            loss("-l[i, t].sum()") + "\n" + gradient("p[i, t] -= 1", "X.T @ p"),
            "follows_own_loss",
        ),
    },
    "q5": {
        "a rate of its own": (
            "def train(X, t, classes, learning_rate, steps):\n W = np.zeros((X.shape[1], classes))\n for _ in range(steps): W = W - 0.25 * gradient(t, W, X)\n return W",
            "ignored_argument",
        ),
        "steps of its own": (
            "def train(X, t, classes, learning_rate, steps):\n W = np.zeros((X.shape[1], classes))\n for _ in range(9): W = W - learning_rate * gradient(t, W, X)\n return W",
            "ignored_argument",
        ),
        "difference": (train(), None),
        "in place": (train("W -= rate * gradient(t, W, X)"), None),
        "while": (
            "def train(X, t, classes, rate, steps):\n W = np.zeros((len(X[0]), classes))\n"
            " while steps:\n  W = W - rate * gradient(t, W, X)\n  steps -= 1\n return W.tolist()",
            None,
        ),
        "recursion": (
            "def train(X, t, c, rate, steps):\n"
            " if steps == 0: return np.zeros((X.shape[1], c))\n"
            " W = train(X, t, c, rate, steps - 1)\n return W - rate * gradient(t, W, X)",
            None,
        ),
        "uphill": (train("W = W + rate * gradient(t, W, X)"), "ascent"),
        "no update": (train("V = W - rate * gradient(t, W, X)"), "no_update"),
        "half": (train("W = W - rate * gradient(t, W, X) / 2"), "half_steps"),
        "sum": (train("W = W - rate * len(t) * gradient(t, W, X)"), "sum_steps"),
        "mean twice": (train("W = W - rate * gradient(t, W, X) / len(t)"), "mean_twice_steps"),
        "one step less": (train(count="1, steps"), "one_step_less"),
        "one step more": (train(count="steps + 1"), "one_step_more"),
        "rate not used": (train("W = W - 0.1 * gradient(t, W, X)"), "fixed_rate"),
        "labels off by one": (train("W = W - rate * gradient(t - 1, W, X)"), "off_by_one"),
        "classes counted": (train(start="np.zeros((X.shape[1], t.max() + 1))"), "wrong_shape"),
        "transposed": (train(value="W.T"), "wrong_shape"),
        "loss returned": (train(value="loss(t, W, X)"), "number_for_array"),
        "at random": (train(start="np.random.randn(X.shape[1], classes)"), "random"),
        "from one": (train(start="np.ones((X.shape[1], classes))"), "differs"),
        "ten classes": (train(start="np.zeros((X.shape[1], 10))"), "wrong_shape"),
        "labels changed": (
            train("W = W - rate * gradient(t, W, X)").replace("return W", "X *= 0; return W"),
            "changed_argument",
        ),
        "early return": (train("return W - rate * gradient(t, W, X)"), "one_step_only"),
    },
    "q6": {
        "argmax": ("def predict(X, W): return (X @ W).argmax(axis=1)", None),
        "list": ("def predict(X, W): return [int(np.argmax(W.T @ x)) for x in X]", None),
        "sorted": ("def predict(X, W): return np.argsort(X @ W)[:, -1]", None),
        "floats": ("def predict(X, W): return np.argmax(X @ W, axis=1).astype(float)", None),
        "wrong axis": ("def predict(X, W): return np.argmax(X @ W, axis=0)", "wrong_shape"),
        "largest logit": ("def predict(X, W): return np.max(X @ W, axis=1)", "logits_for_labels"),
        "largest probability": (
            "def predict(X, W):\n e = np.exp(X @ W)\n return (e / e.sum(1)[:, None]).max(axis=1)",
            "probability_for_label",
        ),
        "from one": ("def predict(X, W): return np.argmax(X @ W, axis=1) + 1", "off_by_one"),
        "smallest": ("def predict(X, W): return np.argmin(X @ W, axis=1)", "least_for_largest"),
        "one label": ("def predict(X, W): return np.argmax(X @ W)", "number_for_array"),
        "logits": ("def predict(X, W): return X @ W", "wrong_shape"),
        "of the inputs": ("def predict(X, W): return np.argmax(X, axis=1)", "ignored_argument"),
    },
    "q7": {
        "mean": ("def accuracy(t, labels): return np.mean(labels == t)", None),
        "loop": ("def accuracy(t, y): return sum(a == b for a, b in zip(t, y)) / len(t)", None),
        "count": ("def accuracy(t, y): return np.count_nonzero(t - y == 0) / t.size", None),
        "from errors": ("def accuracy(t, labels): return 1 - np.mean(labels != t)", None),
        "errors": ("def accuracy(t, labels): return np.mean(labels != t)", "errors_for_hits"),
        "percent": ("def accuracy(t, labels): return 100 * np.mean(labels == t)", "percent"),
        "count only": ("def accuracy(t, labels): return np.sum(labels == t)", "sum_for_mean"),
        "every pair": ("def accuracy(t, y): return np.mean(t[:, None] == y)", "broadcast"),
        "all or nothing": ("def accuracy(t, y): return float(np.all(t == y))", "constant"),
        "hits": ("def accuracy(t, labels): return labels == t", "truth_values"),
        "whole numbers": ("def accuracy(t, y): return np.sum(t == y) // len(t)", "constant"),
    },
    "q8": {
        "accuracy for loss": (
            "held_out_loss = accuracy(held_out_t, predict(held_out_X, W))",
            "accuracy_for_loss",
        ),
        "error rate": (
            "held_out_loss = 1 - accuracy(held_out_t, predict(held_out_X, W))",
            "accuracy_for_loss",
        ),
        "again": (
            digits("held_out_loss = loss(held_out_t, train(a, seen_t, 10, 0.5, 100), b)"),
            None,
        ),
        "on the training images": (
            digits("held_out_loss = loss(seen_t, train(a, seen_t, 10, 0.5, 100), a)"),
            "training_samples",
        ),
        "not trained": ("held_out_loss = np.log(10)", "no_update"),
        "uphill": (
            digits("held_out_loss = loss(held_out_t, train(a, seen_t, 10, -0.5, 100), b)"),
            "ascent",
        ),
        "one step more": (
            digits("held_out_loss = loss(held_out_t, train(a, seen_t, 10, 0.5, 101), b)"),
            "one_step_more",
        ),
        "sum": ("held_out_loss *= len(held_out_t)", "sum_for_mean"),
        "trained on the held-out images": (
            digits("held_out_loss = loss(held_out_t, train(b, held_out_t, 10, 0.5, 100), b)"),
            "trained_on_held_out",
        ),
        "accuracy": (
            digits(
                "held_out_loss = accuracy(held_out_t, predict(b, train(a, seen_t, 10, 0.5, 9)))"
            ),
            "value_differs",
        ),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {
    "print('loss', seen_t, 'and held out', held_out_loss)": "it prints",
    "print(accuracy(held_out_t, predict(held_out_X, W)), 'accuracy, held out')": "it prints",
    "'accuracy, held out'": "it prints",
    "'loss'": "it prints",
    "print('accuracy, held out', held_out_t)": "it prints",
    "print('accuracy, held out', accuracy(predict(held_out_X, W), held_out_t))": "it prints",
}
