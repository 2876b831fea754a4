"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""


def focal(body: str, weigh: str = "np.where(t == 1, al, 1 - al) if b else 1.0") -> str:
    """Return the code of a focal loss: p was given to what happened, a is its weight."""
    return (
        "def focal(t, y, b, al, g):\n p = np.where(t == 1, y, 1 - y)\n n = len(t)\n"
        f" a = {weigh}\n with np.errstate(all='ignore'):\n  return {body}"
    )


def slope(body: str, weigh: str = "np.where(t == 1, al, 1 - al) if b else 1.0") -> str:
    """Return the code of its gradient, with the same names, and s the sign of dp/dy."""
    return (
        "def focal_gradient(t, y, b, al, g):\n p = np.where(t == 1, y, 1 - y)\n n = len(t)\n"
        f" s = np.where(t == 1, 1, -1)\n a = {weigh}\n return {body}"
    )


def weighted(body: str) -> str:
    """Return the code of a weighted loss: p was given to what happened, w is the weight of each."""
    return (
        "def weighted_loss(t, y, m):\n p = np.where(t == 1, y, 1 - y)\n w = np.where(t == 1, m, 1)\n"
        f" return {body}"
    )


def shares(body: str) -> str:
    """Return the code of the two shares, from the four counts."""
    return (
        "def precision_and_recall(t, y, c):\n a = y >= c\n o = t == 1\n"
        " tp, fp, fn, tn = (a & o).sum(), (a & ~o).sum(), (~a & o).sum(), (~a & ~o).sum()\n"
        f" return {body}"
    )


def bins(body: str, each: str = "abs(y[k].mean() - t[k].mean())") -> str:
    """Return the code of the calibration error, with g the gaps and s the sizes of the bins."""
    return (
        "def calibration_error(t, y, bins):\n"
        " parts = np.array_split(np.argsort(y), bins)\n"
        f" g = np.array([{each} for k in parts])\n s = np.array([len(k) for k in parts])\n"
        f" return {body}"
    )


def cost(alarm: str, costs: str = "np.where(y_true == 1, 5 * ~alarm, alarm)") -> str:
    """Return the code that finds what the alarms cost."""
    return f"alarm = {alarm}\nheld_out_cost = np.mean({costs})"


RIGHT_PULL = "(1 - p)**g / p - g * (1 - p)**(g - 1) * np.log(p)"

BANK = {
    "q1": {
        "of what happened": (focal("np.mean(-a * (1 - p)**g * np.log(p))"), None),
        "loop": (
            """
import math
def focal(y_true, y_pred, apply_class_balancing, alpha, gamma):
    total = 0
    for label, y in zip(y_true, y_pred):
        if label == 1:
            loss = -(1 - y) ** gamma * math.log(y)
            weight = alpha
        else:
            loss = -(y ** gamma) * math.log(1 - y)
            weight = 1 - alpha
        total += loss * weight if apply_class_balancing else loss
    return total / len(y_true)
""",
            None,
        ),
        "two terms, clipped": (
            "def focal(t, y, b, al, g):\n y = np.clip(y, 1e-12, 1 - 1e-12)\n"
            " one, zero = (al, 1 - al) if b else (1, 1)\n"
            " return -np.mean(one * t * (1 - y)**g * np.log(y)"
            " + zero * (1 - t) * y**g * np.log(1 - y))",
            None,
        ),
        "masks": (
            "def focal(t, y, b, al, g):\n l = np.empty(len(t))\n i = t == 1\n"
            " l[i] = (1 - y[i])**g * -np.log(y[i])\n l[~i] = y[~i]**g * -np.log1p(-y[~i])\n"
            " if b:\n  l[i] *= al\n  l[~i] *= 1 - al\n return float(l.sum() / l.size)",
            None,
        ),
        "distance": (
            "def focal(t, y, b, al, g):\n q = abs(t - y)\n l = q**g * -np.log(1 - q)\n"
            " return np.average(l * (np.abs(1 - t - al) if b else 1))",
            None,
        ),
        "fractions": (
            "import math\nfrom fractions import Fraction\ndef focal(t, y, b, al, g):\n"
            " total = 0\n for k, v in zip(t.tolist(), y.tolist()):\n"
            "  p = Fraction(v) if k else 1 - Fraction(v)\n"
            "  total -= (k * al + (1 - k) * (1 - al) if b else 1) * (1 - float(p))**g"
            " * math.log(p)\n return total / len(t)",
            None,
        ),
        "sum": (focal("np.sum(-a * (1 - p)**g * np.log(p))"), "sum_for_mean"),
        "sign": (focal("np.mean(a * (1 - p)**g * np.log(p))"), "sign"),
        "base 2": (focal("np.mean(-a * (1 - p)**g * np.log2(p))"), "log2"),
        "power of what was given": (
            focal("np.mean(-a * p**g * np.log(p))"),
            "gamma_wrong_factor",
        ),
        "1 - y for both": (focal("np.mean(-a * (1 - y)**g * np.log(p))"), "same_factor"),
        "y for both": (focal("np.mean(-a * y**g * np.log(p))"), "same_factor"),
        "gamma times": (focal("np.mean(-a * g * (1 - p) * np.log(p))"), "gamma_no_power"),
        "power inside": (focal("np.mean(-a * (1 - p**g) * np.log(p))"), "gamma_no_power"),
        "gamma fixed": (focal("np.mean(-a * (1 - p)**2 * np.log(p))"), "ignored_argument"),
        "cross-entropy": (focal("np.mean(-a * np.log(p))"), "ignored_argument"),
        "no logarithm": (focal("np.mean(a * (1 - p)**g * (1 - p))"), "differs"),
        "first term only": (
            focal("-np.mean(a * t * (1 - y)**g * np.log(np.maximum(y, 1e-99)))"),
            "one_class_only",
        ),
        "second term only": (
            focal("-np.mean(a * (1 - t) * y**g * np.log(np.maximum(1 - y, 1e-99)))"),
            "one_class_only",
        ),
        "mean over positives": (
            focal("np.mean((-a * (1 - p)**g * np.log(p))[t == 1])"),
            "positives_only",
        ),
        "over the weights": (
            focal("np.average(-((1 - p)**g) * np.log(p), weights=a * np.ones(n))"),
            "divided_by_weights",
        ),
        "means multiplied": (
            focal("np.mean(a * (1 - p)**g) * np.mean(-np.log(p))"),
            "product_of_means",
        ),
        "labels exchanged": (
            focal("np.mean(-a * p**g * np.log(1 - p))", "np.where(t == 0, al, 1 - al) if b else 1"),
            "inverted",
        ),
        "alpha for 0": (
            focal(
                "np.mean(-a * (1 - p)**g * np.log(p))",
                "np.where(t == 1, 1 - al, al) if b else 1",
            ),
            "alpha_wrong_class",
        ),
        "alpha always": (
            focal("np.mean(-a * (1 - p)**g * np.log(p))", "np.where(t == 1, al, 1 - al)"),
            "alpha_always",
        ),
        "alpha never": (focal("np.mean(-((1 - p)**g) * np.log(p))"), "ignored_argument"),
        "alpha for both": (
            focal("np.mean(-a * (1 - p)**g * np.log(p))", "al if b else 1"),
            "alpha_for_all",
        ),
        "alpha as in the categorical loss": (
            focal("np.mean(-a * (1 - p)**g * np.log(p))", "al"),
            "alpha_for_all",
        ),
        "nothing for 0": (
            focal("np.mean(-a * (1 - p)**g * np.log(p))", "np.where((t == 1) & b, al, 1)"),
            "alpha_for_one",
        ),
        "two terms, not a number": (
            "def focal(t, y, b, al, g):\n with np.errstate(all='ignore'):\n"
            "  a = np.where(t == 1, al, 1 - al) if b else 1\n"
            "  return -np.mean(a * (t * (1 - y)**g * np.log(y)"
            " + (1 - t) * y**g * np.log(1 - y)))",
            "nan_on_perfect",
        ),
        "losses": (focal("-a * (1 - p)**g * np.log(p)"), "array_for_number"),
        "if on an array": (
            "def focal(t, y, b, al, g):\n if t == 1:\n  return np.mean(-(1 - y)**g * np.log(y))\n"
            " return np.mean(-(y**g) * np.log(1 - y))",
            "truth_of_array",
        ),
        "power sign": (focal("np.mean(-a * (1 - p)^g * np.log(p))"), "power_sign"),
        "predictions changed": (
            "def focal(t, y, b, al, g):\n y[t == 0] = 1 - y[t == 0]\n"
            " a = np.where(t == 1, al, 1 - al) if b else 1\n"
            " return np.mean(-a * (1 - y)**g * np.log(y))",
            "changed_argument",
        ),
        "return in the loop": (
            "def focal(t, y, b, al, g):\n for k, v in zip(t, y):\n  p = v if k else 1 - v\n"
            "  a = (al if k else 1 - al) if b else 1\n"
            "  return -a * (1 - p)**g * np.log(p) / len(t)",
            "return_in_loop",
        ),
        "stub": ("def focal(t, y, b, al, g): raise NotImplementedError()", "unfinished"),
        "no alpha": ("def focal(t, y, g): return 0.5", "wrong_parameters"),
    },
    "q2": {
        "two terms": (slope(f"-s * a * ({RIGHT_PULL}) / n"), None),
        "one factor outside": (
            slope("-s * a * (1 - p)**g * (1 / p - g * np.log(p) / (1 - p)) / n"),
            None,
        ),
        "as in the chapter": (
            "def focal_gradient(t, y, b, al, g):\n"
            " one = (1 - y)**g * (1 / y - g * np.log(y) / (1 - y))\n"
            " zero = y**g * (1 / (1 - y) - g * np.log(1 - y) / y)\n"
            " if b:\n  one, zero = al * one, (1 - al) * zero\n"
            " return ((1 - t) * zero - t * one) / len(t)",
            None,
        ),
        "list": (
            "import math\ndef focal_gradient(t, y, b, al, g):\n found = []\n"
            " for k, v in zip(t.tolist(), y.tolist()):\n  p = v if k else 1 - v\n"
            "  pull = (1 - p)**g / p - g * (1 - p)**(g - 1) * math.log(p)\n"
            "  found.append((-1 if k else 1) * pull * ((al if k else 1 - al) if b else 1) / len(t))\n"
            " return found",
            None,
        ),
        "complex step": (
            "def focal_gradient(t, y, b, al, g):\n v = y + 1e-30j\n"
            " p = np.where(t == 1, v, 1 - v)\n a = np.where(t == 1, al, 1 - al) if b else 1\n"
            " return (-a * (1 - p)**g * np.log(p)).imag / 1e-30 / len(t)",
            None,
        ),
        "logarithm only": (slope("-s * a * (1 - p)**g / p / n"), "factor_fixed"),
        "factor only": (
            slope("s * a * g * (1 - p)**(g - 1) * np.log(p) / n"),
            "logarithm_fixed",
        ),
        "plus for minus": (
            slope("-s * a * ((1 - p)**g / p + g * (1 - p)**(g - 1) * np.log(p)) / n"),
            "product_rule_sign",
        ),
        "no gamma before it": (
            slope("-s * a * ((1 - p)**g / p - (1 - p)**(g - 1) * np.log(p)) / n"),
            "chain_factor",
        ),
        "exponent stays": (
            slope("-s * a * ((1 - p)**g / p - g * (1 - p)**g * np.log(p)) / n"),
            "chain_factor",
        ),
        "one direction": (slope(f"-a * ({RIGHT_PULL}) / n"), "one_direction"),
        "sign": (slope(f"s * a * ({RIGHT_PULL}) / n"), "sign"),
        "sum": (slope(f"-s * a * ({RIGHT_PULL})"), "sum_for_mean"),
        "half": (slope(f"-s * a * ({RIGHT_PULL}) / n / 2"), "half"),
        "by the logit": (slope(f"-s * a * p * (1 - p) * ({RIGHT_PULL}) / n"), "by_logit"),
        "of the cross-entropy": (slope("-s * a / p / n"), "ignored_argument"),
        "alpha for 0": (
            slope(f"-s * a * ({RIGHT_PULL}) / n", "np.where(t == 1, 1 - al, al) if b else 1"),
            "alpha_wrong_class",
        ),
        "alpha always": (
            slope(f"-s * a * ({RIGHT_PULL}) / n", "np.where(t == 1, al, 1 - al)"),
            "alpha_always",
        ),
        "alpha for both": (
            slope(f"-s * a * ({RIGHT_PULL}) / n", "al if b else 1"),
            "alpha_for_all",
        ),
        "nothing for 0": (
            slope(f"-s * a * ({RIGHT_PULL}) / n", "np.where((t == 1) & b, al, 1)"),
            "alpha_for_one",
        ),
        "alpha never": (slope(f"-s * ({RIGHT_PULL}) / n"), "ignored_argument"),
        "one number": (slope(f"np.mean(-s * a * ({RIGHT_PULL}))"), "number_for_array"),
        "predictions changed": (
            "def focal_gradient(t, y, b, al, g):\n y[t == 0] = 1 - y[t == 0]\n"
            " a = np.where(t == 1, al, 1 - al) if b else 1\n"
            " f = a * ((1 - y)**g / y - g * (1 - y)**(g - 1) * np.log(y)) / len(t)\n"
            " return np.where(t == 1, -f, f)",
            "changed_argument",
        ),
        "array of whole numbers": (
            slope(f"(-s * a * ({RIGHT_PULL}) / n).astype(t.dtype)"),
            "whole_numbers",
        ),
    },
    "q3": {
        "sums": (weighted("np.sum(w * -np.log(p)) / np.sum(w)"), None),
        "average": (weighted("np.average(-np.log(p), weights=w)"), None),
        "power": (
            "def weighted_loss(t, y, m):\n w = np.asarray(m)**t\n"
            " l = -(t * np.log(y) + (1 - t) * np.log1p(-y))\n return (w * l).sum() / w.sum()",
            None,
        ),
        "loop": (
            """
def weighted_loss(y_true, y_pred, weight):
    total, weights = 0.0, 0.0
    rows = y_true.reshape(len(y_true), -1)
    columns = np.broadcast_to(weight, rows.shape[1:])
    for labels, answers in zip(rows, y_pred.reshape(rows.shape)):
        for label, answer, w in zip(labels, answers, columns):
            if label == 1:
                total -= w * np.log(answer)
                weights += w
            else:
                total -= np.log(1 - answer)
                weights += 1
    return total / weights
""",
            None,
        ),
        "repeated": (
            "def weighted_loss(t, y, m):\n again = np.where(t == 1, m, 1).astype(int).ravel()\n"
            " p = np.where(t == 1, y, 1 - y).ravel()\n return -np.mean(np.log(np.repeat(p, again)))",
            None,
        ),
        "pos_weight": (weighted("np.mean(w * -np.log(p))"), "divided_by_samples"),
        "sum": (weighted("np.sum(w * -np.log(p))"), "weighted_sum"),
        "no weight": (weighted("np.mean(-np.log(p))"), "ignored_argument"),
        "weight for 0": (
            "def weighted_loss(t, y, m):\n w = np.where(t == 0, m, 1)\n"
            " return np.average(-np.log(np.where(t == 1, y, 1 - y)), weights=w)",
            "weight_wrong_class",
        ),
        "in the probability": (
            weighted("-np.mean(np.log(w * p))"),
            "weight_in_probability",
        ),
        "mean over positives": (weighted("-np.mean(np.log(y[t == 1]))"), "positives_only"),
        "positives over all": (
            weighted("np.sum(t * w * -np.log(p)) / np.sum(w)"),
            "one_class_only",
        ),
        "negatives over all": (
            weighted("np.sum((1 - t) * -np.log(p)) / np.sum(w)"),
            "one_class_only",
        ),
        "classes exchanged": (
            weighted("np.average(-np.log(1 - p), weights=w)"),
            "inverted",
        ),
        "label by label": (
            weighted("np.mean(np.sum(w * -np.log(p), axis=0) / np.sum(w, axis=0))"),
            "label_by_label",
        ),
        "one number a label": (
            weighted("np.sum(w * -np.log(p), axis=0) / np.sum(w, axis=0)"),
            "array_for_number",
        ),
        "weight of the first label": (
            "def weighted_loss(t, y, m):\n w = np.where(t == 1, np.ravel(m)[0], 1)\n"
            " return np.average(-np.log(np.where(t == 1, y, 1 - y)), weights=w)",
            "several_labels",
        ),
        "predictions changed": (
            "def weighted_loss(t, y, m):\n y[t == 0] = 1 - y[t == 0]\n"
            " return np.average(-np.log(y), weights=np.where(t == 1, m, 1))",
            "changed_argument",
        ),
    },
    "q4": {
        "counts": (shares("np.array([tp / max(tp + fp, 1), tp / (tp + fn)])"), None),
        "tuple": (shares("(tp / (tp + fp) if a.any() else 0, tp / o.sum())"), None),
        "loop": (
            """
def precision_and_recall(y_true, y_pred, threshold):
    hits = alarms = ones = 0
    for label, y in zip(y_true, y_pred):
        alarms += y >= threshold
        ones += label
        hits += label and y >= threshold
    if alarms == 0:
        return [0.0, 0.0]
    return [hits / alarms, hits / ones]
""",
            None,
        ),
        "means": (
            "def precision_and_recall(t, y, c):\n found = t[y >= c]\n"
            " return np.array([found.mean() if len(found) else 0, np.mean(y[t == 1] >= c)])",
            None,
        ),
        "order": (shares("np.array([tp / (tp + fn), tp / max(tp + fp, 1)])"), "wrong_order"),
        "accuracy first": (shares("np.array([np.mean(a == o), tp / (tp + fn)])"), "share_of_all"),
        "accuracy second": (
            shares("np.array([tp / max(tp + fp, 1), np.mean(a == o)])"),
            "share_of_all",
        ),
        "of all": (shares("np.array([tp, tp]) / len(t)"), "share_of_all"),
        "false alarm rate": (
            shares("np.array([tp / max(tp + fp, 1), fp / (fp + tn)])"),
            "false_alarm_rate",
        ),
        "specificity": (
            shares("np.array([tp / max(tp + fp, 1), tn / (fp + tn)])"),
            "specificity",
        ),
        "of the zeros": (shares("np.array([tn / (tn + fn), tn / (tn + fp)])"), "inverted"),
        "alarm below": (
            "def precision_and_recall(t, y, c):\n a = y < c\n o = t == 1\n h = (a & o).sum()\n"
            " return h / max(a.sum(), 1), h / o.sum()",
            "inverted",
        ),
        "nothing over nothing": (
            "def precision_and_recall(t, y, c):\n a = y >= c\n o = t == 1\n h = (a & o).sum()\n"
            " with np.errstate(all='ignore'):\n  return np.array([h / a.sum(), h / o.sum()])",
            "no_alarm",
        ),
        "precision of 1": (
            shares("np.array([tp / (tp + fp) if a.any() else 1.0, tp / o.sum()])"),
            "no_alarm",
        ),
        "more than the threshold": (
            "def precision_and_recall(t, y, c):\n a = y > c\n o = t == 1\n h = (a & o).sum()\n"
            " return h / max(a.sum(), 1), h / o.sum()",
            "at_threshold",
        ),
        "threshold fixed": (
            "def precision_and_recall(t, y, c):\n a = y >= 0.5\n o = t == 1\n h = (a & o).sum()\n"
            " return h / max(a.sum(), 1), h / o.sum()",
            "ignored_argument",
        ),
        "one of the two": (shares("tp / max(tp + fp, 1)"), "number_for_array"),
        "rounded": (shares("np.round([tp / max(tp + fp, 1), tp / (tp + fn)], 2)"), "rounded"),
        "predictions changed": (
            "def precision_and_recall(t, y, c):\n y[:] = y >= c\n h = (t * y).sum()\n"
            " return h / max(y.sum(), 1), h / t.sum()",
            "changed_argument",
        ),
    },
    "q5": {
        "one fraction": ("def honest(y, m): return y / (m - (m - 1) * y)", None),
        "by the odds": (
            "def honest(y, m):\n with np.errstate(divide='ignore'):\n"
            "  return 1 / (1 + m * (1 - y) / y)",
            None,
        ),
        "both classes weighed back": (
            "def honest(y, m):\n one = y / m\n return one / (one + (1 - y))",
            None,
        ),
        "by the logits": (
            "def honest(y, m):\n with np.errstate(divide='ignore'):\n"
            "  z = np.log(y) - np.log1p(-y) - np.log(m)\n"
            "  return 1 / (1 + np.exp(-z))",
            None,
        ),
        "list": ("def honest(y, m): return [v / (v + m * (1 - v)) for v in y.tolist()]", None),
        "probability divided": ("def honest(y, m): return y / m", "probability_divided"),
        "odds multiplied": (
            "def honest(y, m): return m * y / (1 - y + m * y)",
            "odds_multiplied",
        ),
        "odds": (
            "def honest(y, m):\n with np.errstate(all='ignore'):\n  return y / (1 - y) / m",
            "odds_for_probability",
        ),
        "logarithm of the weight": (
            "def honest(y, m): return y - np.log(m)",
            "logarithm_of_probability",
        ),
        "logits": (
            "def honest(y, m):\n with np.errstate(all='ignore'):\n"
            "  return np.log(y / (1 - y)) - np.log(m)",
            "logit_for_probability",
        ),
        "weight less from the logit": (
            "def honest(y, m):\n with np.errstate(all='ignore'):\n"
            "  return 1 / (1 + np.exp(m - np.log(y / (1 - y))))",
            "weight_for_logarithm",
        ),
        "unchanged": ("def honest(y, m): return y", "unchanged"),
        "both divided": (
            "def honest(y, m):\n return (y / m) / (y / m + (1 - y) / m)",
            "unchanged",
        ),
        "infinity over infinity": (
            "def honest(y, m):\n with np.errstate(all='ignore'):\n"
            "  odds = y / (1 - y) / m\n  return odds / (1 + odds)",
            "infinite_odds",
        ),
        "weight fixed": ("def honest(y, m): return y / (y + 20 * (1 - y))", "ignored_argument"),
        "order": ("def honest(m, y): return y / (y + m * (1 - y))", "swapped"),
        "predictions changed": (
            "def honest(y, m):\n y /= y + m * (1 - y)\n return y",
            "changed_argument",
        ),
    },
    "q6": {
        "weighted": (bins("np.average(g, weights=s)"), None),
        "sum": (bins("np.sum(g * s) / len(y)"), None),
        "sums of the bins": (
            "def calibration_error(t, y, bins):\n order = np.argsort(y)\n d = (y - t)[order]\n"
            " return sum(abs(np.sum(part)) for part in np.array_split(d, bins)) / len(y)",
            None,
        ),
        "pairs": (
            """
def calibration_error(y_true, y_pred, bins):
    pairs = sorted(zip(y_pred.tolist(), y_true.tolist()))
    size, more = divmod(len(pairs), bins)
    error, start = 0, 0
    for k in range(bins):
        end = start + size + (k < more)
        group = pairs[start:end]
        error += abs(sum(y for y, _ in group) - sum(t for _, t in group))
        start = end
    return error / len(pairs)
""",
            None,
        ),
        "of the colleague": (
            "calibration_error = error_of_a_colleague",
            "labels_left_behind",
        ),
        "bins alike": (bins("g.mean()"), "no_bin_weights"),
        "size outside": (
            bins("abs(np.average(g, weights=s))", "y[k].mean() - t[k].mean()"),
            "gaps_cancel",
        ),
        "size outside, bins alike": (
            bins("abs(g.mean())", "y[k].mean() - t[k].mean()"),
            "gaps_cancel",
        ),
        "labels stay": (
            "def calibration_error(t, y, bins):\n y = np.sort(y)\n"
            " k = np.array_split(np.arange(len(y)), bins)\n"
            " return sum(len(i) * abs(y[i].mean() - t[i].mean()) for i in k) / len(y)",
            "labels_left_behind",
        ),
        "not sorted": (
            "def calibration_error(t, y, bins):\n"
            " return sum(abs(d.sum()) for d in np.array_split(y - t, bins)) / len(y)",
            "unsorted",
        ),
        "equal widths": (
            "def calibration_error(t, y, bins):\n k = np.floor(y * bins)\n"
            " return sum(abs((y - t)[k == i].sum()) for i in range(bins)) / len(y)",
            "equal_widths",
        ),
        "largest": (bins("g.max()"), "largest_gap"),
        "squares": (bins("np.average(g**2, weights=s)"), "squared_gaps"),
        "root of squares": (bins("np.sqrt(np.average(g**2, weights=s))"), "squared_gaps"),
        "sorted in place": (
            "def calibration_error(t, y, bins):\n order = np.argsort(y)\n y[:] = y[order]\n"
            " d = np.array_split(y - t[order], bins)\n return sum(abs(p.sum()) for p in d) / len(y)",
            "changed_argument",
        ),
        "ten bins": (
            "def calibration_error(t, y, bins):\n d = (y - t)[np.argsort(y)]\n"
            " return sum(abs(p.sum()) for p in np.array_split(d, 2)) / len(y)",
            "ignored_argument",
        ),
        "sum for mean": (bins("np.sum(g * s)"), "sum_for_mean"),
        "one for each bin": (bins("g"), "array_for_number"),
    },
    "q7": {
        "share": ("def best_threshold(a, b): return a / (a + b)", None),
        "from the ratio": ("def best_threshold(a, b): return 1 / (1 + b / a)", None),
        "from the odds": (
            "def best_threshold(a, b):\n odds = a / b\n return odds / (1 + odds)",
            None,
        ),
        "fraction": (
            "from fractions import Fraction\n"
            "def best_threshold(a, b): return Fraction(a) / (Fraction(a) + Fraction(b))",
            None,
        ),
        "exchanged": ("def best_threshold(a, b): return b / (a + b)", "costs_exchanged"),
        "odds": ("def best_threshold(a, b): return a / b", "odds_for_threshold"),
        "odds turned round": ("def best_threshold(a, b): return b / a", "odds_for_threshold"),
        "as in the chapter": ("def best_threshold(a, b): return 1 / (1 + b)", "false_alarm_of_one"),
        "one half": ("def best_threshold(a, b): return 0.5", "constant"),
        "half": ("def best_threshold(a, b): return a / (a + b) / 2", "half"),
        "whole division": (
            "def best_threshold(a, b):\n"
            " return a // (a + b) if isinstance(a, int) else a / (a + b)",
            "whole_numbers",
        ),
    },
    "q8": {
        "sums": (
            "a = honest(y_pred, 20) >= 1 / 6\n"
            "missed = np.sum((y_true == 1) & ~a)\nfalse = np.sum((y_true == 0) & a)\n"
            "held_out_cost = (5 * missed + false) / len(y_true)",
            None,
        ),
        "odds": (cost("y_pred / (1 - y_pred) / 20 >= 1 / 5"), None),
        "threshold moved": (cost("y_pred >= 20 / 25"), None),
        "from the shares": (
            "precision, recall = precision_and_recall(y_true, honest(y_pred, 20), 1 / 6)\n"
            "died = y_true.mean()\nhits = recall * died\n"
            "held_out_cost = 5 * (died - hits) + hits / precision - hits",
            None,
        ),
        "not brought back": (cost("y_pred >= 1 / 6"), "not_brought_back"),
        "one half": (cost("honest(y_pred, 20) >= 0.5"), "usual_threshold"),
        "as trained": (cost("y_pred >= 0.5"), "alarms_of_training"),
        "costs of the training": (
            cost("honest(y_pred, 20) >= 1 / 21", "np.where(y_true == 1, 20 * ~alarm, alarm)"),
            "alarms_of_training",
        ),
        "costs exchanged": (cost("honest(y_pred, 20) >= 5 / 6"), "costs_exchanged"),
        "costs exchanged in the mean": (
            cost("honest(y_pred, 20) >= 1 / 6", "np.where(y_true == 1, ~alarm, 5 * alarm)"),
            "costs_exchanged",
        ),
        "probability divided": (cost("y_pred / 20 >= 1 / 6"), "no_alarm_at_all"),
        "training people": (
            "p = 1 / (1 + np.exp(-x_train @ w))\n"
            "alarm = honest(p, 20) >= 1 / 6\n"
            "held_out_cost = np.mean(np.where(t_train == 1, 5 * ~alarm, alarm))",
            "training_samples",
        ),
        "misses only": (
            cost("honest(y_pred, 20) >= 1 / 6", "5 * (~alarm & (y_true == 1))"),
            "one_cost_only",
        ),
        "false alarms only": (
            cost("honest(y_pred, 20) >= 1 / 6", "alarm & (y_true == 0)"),
            "one_cost_only",
        ),
        "wrong decisions": (
            cost("honest(y_pred, 20) >= 1 / 6", "alarm != (y_true == 1)"),
            "same_cost",
        ),
        "all people": (
            cost("honest(y_pred, 20) >= 1 / 6")
            + "\nheld_out_cost = np.sum(np.where(y_true == 1, 5 * ~alarm, alarm))",
            "sum_for_mean",
        ),
        "rounded": ("held_out_cost = 0.17", "rounding"),
        "other": ("held_out_cost = 0.2", "value_differs"),
    },
    "q9": {
        "letter": ('unchanged = "c"', None),
        "capital": ('unchanged = "C "', None),
        "word": ('unchanged = "the area"', "not_a_letter"),
    },
}

EQUIVALENT = {
    "return [precision, hits / np.sum(y_true == 1)]": "a list is as good as an array",
    "total += len(k) * abs(np.mean(y_true[k]) - np.mean(y_pred[k]))": "a distance has no sign",
    "alarm = honest(y_pred, 20) > best_threshold(1, 5)": "no person is at the threshold",
}
