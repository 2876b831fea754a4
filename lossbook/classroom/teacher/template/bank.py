"""Solutions that students may hand in: the code, and the diagnosis that it must get, or None."""

BANK = {
    "q1": {
        "worked out": ("loss_by_hand = 1.75", None),
        "one entry": ("loss_by_hand = np.array([1.75])", None),
        "no half": ("loss_by_hand = 3.5", "double"),
        "sum": ("loss_by_hand = 7", "sum_for_mean"),
        "slip": ("loss_by_hand = 1.9", "value_differs"),
    },
    "q2": {
        "mean": ("def half_squared_error(t, y): return np.mean((y - t) ** 2) / 2", None),
        "loop": (
            """
def half_squared_error(t, y):
    total = 0
    for a, b in zip(t, y):
        total += (b - a) ** 2
    return total / (2 * len(t))
""",
            None,
        ),
        "no half": ("def half_squared_error(t, y): return np.mean((y - t) ** 2)", "double"),
        "sum": ("def half_squared_error(t, y): return np.sum((y - t) ** 2) / 2", "sum_for_mean"),
        "absolute": (
            "def half_squared_error(t, y): return np.mean(np.abs(y - t))",
            "absolute_for_square",
        ),
        "whole division": (
            "def half_squared_error(t, y): return np.sum((y - t) ** 2) // (2 * len(t))",
            "differs",
        ),
        "printed": ("def half_squared_error(t, y): print(np.mean((y - t) ** 2) / 2)", "printed"),
    },
    "q3": {
        "array": ("def half_squared_error_gradient(t, y): return (y - t) / len(t)", None),
        "list": (
            "def half_squared_error_gradient(t, y):\n"
            " return [(b - a) / len(t) for a, b in zip(t, y)]",
            None,
        ),
        "sum": ("def half_squared_error_gradient(t, y): return y - t", "sum_for_mean"),
        "sign": ("def half_squared_error_gradient(t, y): return (t - y) / len(t)", "sign"),
        "no half": ("def half_squared_error_gradient(t, y): return 2 * (y - t) / len(t)", "double"),
    },
}

#: Mutants of the solution that are right all the same, by what they changed, and why.
EQUIVALENT = {"errors = y_true - y_pred": "the square forgets the sign"}
