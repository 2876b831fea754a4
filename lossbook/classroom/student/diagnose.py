"""Name the mistake behind wrong answers, without giving the right one.

A diagnosis is found the way a teacher finds it: by asking which wrong formula would give exactly
what was seen, for all inputs and not for one.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossbook.classroom.student.judge import (
    Ask,
    Outcome,
    Trial,
    arrays_of,
    call,
    close,
)
from lossbook.classroom.student.messages import N_, _
from lossbook.classroom.student.question import Choice, Function, Mistake, Value

__all__ = ["MESSAGES", "Diagnosis", "diagnose_function", "diagnose_value", "show"]

#: Every diagnosis by its name. The text asks or hints; it never holds the answer.
MESSAGES: dict[str, str] = {
    # nothing to compare
    "missing": N_(
        "There is no `{name}` yet. Has its cell been run to the end, without an error? Is the name "
        "spelled as in the task?"
    ),
    "unfinished": N_("`{name}` is not written yet."),
    "helper_unfinished": N_("`{name}` calls `{helper}`, which is not written yet."),
    "ended": N_("The program ended before this question could be asked."),
    "no_function": N_("`{name}` is no function. Has its name been used again for a value?"),
    "timeout": N_("`{name}` did not come to an end in time. Does a loop run forever?"),
    "error": N_("`{name}` stopped with {error}: {text}"),
    "missing_import": N_(
        "`{name}` uses `{module}`, which is not imported. Run the notebook's first cell, or "
        "import it."
    ),
    "unknown_name": N_(
        "`{name}` uses a name that is not defined: {text}. A function should work with its "
        "arguments only."
    ),
    "losses_absent": N_(
        "`{name}` uses a loss of lossbook. The task is to write it: the losses are not there when "
        "your work is graded."
    ),
    "package_absent": N_(
        "`{name}` uses {module}. When your work is graded there are NumPy and Python's own "
        "modules, and no other packages. Can NumPy do it?"
    ),
    "wrong_parameters": N_(
        "`{name}` does not take the arguments ({parameters}). Compare its `def` line with the task."
    ),
    "shapes": N_("`{name}` combines arrays whose shapes do not fit: {text}."),
    "truth_of_array": N_(
        "`{name}` asks whether a whole array is true. `if`, `and`, `or`, `max` and `min` decide "
        "about one number at a time. For arrays there are `np.where`, `&`, `|`, `np.maximum` and "
        "`np.minimum`."
    ),
    "math_on_array": N_(
        "`{name}` hands a whole array to a function that takes one number, such as those of "
        "`math`. NumPy has functions of the same names for arrays."
    ),
    "math_domain": N_(
        "`{name}` takes a logarithm or a root outside its domain, and stops. Which numbers can "
        "reach it?"
    ),
    "whole_number_array": N_(
        "`{name}` puts numbers with decimals into an array of whole numbers. Make a new array, or "
        "one of `float`, before you change it."
    ),
    "recursion": N_("`{name}` calls itself without end."),
    "index_error": N_(
        "`{name}` asks for an entry that does not exist ({text}). The first entry has the number "
        "0: does a loop run too far?"
    ),
    "label_error": N_(
        "`{name}` asks for a class that does not exist ({text}). Labels count from 0 to C - 1, "
        "and a label is a column: are they off by one, or rows and columns exchanged?"
    ),
    "too_many_indices": N_(
        "`{name}` puts more indices on an array than it has axes ({text}). Which of the arrays is "
        "a table, and which is a list?"
    ),
    "index_type": N_(
        "`{name}` uses something as a position that is no whole number ({text}). Positions count "
        "rows and columns."
    ),
    "power_sign": N_("`{name}` uses `^`, which is no power in Python. Write `**`."),
    "shape_in_parentheses": N_(
        "`{name}` hands over the numbers of rows and columns one by one. A shape is one argument, "
        "in parentheses of its own: `np.zeros((rows, columns))`."
    ),
    "nothing_returned": N_("`{name}` returns nothing. Is a `return` missing?"),
    "printed": N_(
        "`{name}` prints its result and returns nothing. Put `return` in place of `print`."
    ),
    "unusable": N_("`{name}` returns something that is no number and no array: {text}."),
    "no_number": N_("`{name}` is no number: {text}."),
    "too_large": N_("`{name}` returns more numbers than anybody can compare ({text})."),
    "truth_values": N_(
        "`{name}` returns truth values where numbers are asked. `astype(float)` makes numbers of "
        "them."
    ),
    # the wrong shape
    "array_for_number": N_(
        "`{name}` returns {count} values where one number is asked. Is the mean over the samples "
        "missing?"
    ),
    "number_for_array": N_("`{name}` returns one number where an array of shape {shape} is asked."),
    "broadcast": N_(
        "Your values make a table of {seen}: shapes ({n},) and ({n}, 1) were broadcast to every "
        "pair of samples."
    ),
    "whole_columns": N_(
        "`{name}` takes whole columns: in every row it reaches the classes of all samples. One "
        "entry of each row is asked, at its own label."
    ),
    "wrong_shape": N_("`{name}` returns shape {seen} where shape {shape} is asked."),
    "values_for_number": N_("`{name}` holds {count} values where one number is asked."),
    # the wrong number, by a factor
    "sum_for_mean": N_(
        "Your value is exactly {n} times too large, and there are {n} samples: a sum where a mean "
        "is asked?"
    ),
    "mean_twice": N_(
        "Your value is exactly {n} times too small, and there are {n} samples: is the mean taken "
        "twice?"
    ),
    "mean_over_classes": N_(
        "Your value is exactly {c} times too small, and there are {c} classes: the mean is over "
        "samples, not over classes."
    ),
    "n_minus_one": N_("Your sum is divided by N - 1 where N is asked."),
    "half": N_("Your value is exactly half of what is asked. Is there a factor 1/2 too many?"),
    "double": N_("Your value is exactly twice what is asked. Is there a factor 2 too many?"),
    "sign": N_("Your value has the wrong sign. Is a minus missing, or a difference turned round?"),
    "log2": N_("Your logarithm has base 2. The natural logarithm is asked: `np.log`."),
    "log10": N_("Your logarithm has base 10. The natural logarithm is asked: `np.log`."),
    "factor": N_("Your value is off by the same factor for every input: {factor}."),
    # the wrong number, by a formula
    "constant": N_(
        "`{name}` gives the same answer for different inputs. Does it use its arguments, or a "
        "number that was worked out before?"
    ),
    "random": N_("`{name}` gives two answers for the same arguments."),
    "swapped": N_(
        "`{name}` works if its arguments come in another order. The order that is asked is "
        "({parameters})."
    ),
    "root": N_("Your value is the square root of what is asked."),
    "squared": N_("Your value is the square of what is asked."),
    "absolute_for_square": N_("Your differences are taken as absolute values; squares are asked."),
    "square_for_absolute": N_("Your differences are squared; absolute values are asked."),
    "no_square": N_(
        "Positive and negative differences cancel in your sum. What makes them positive?"
    ),
    "mean_for_median": N_(
        "This is the best constant for squares. Which one do absolute values have?"
    ),
    "one_class_only": N_("Only one of the two classes costs anything. Where is the other term?"),
    "no_logarithm": N_("This is a probability and not yet its logarithm."),
    "no_logarithm_of_count": N_(
        "This is how many classes there are. Which probability has each of them, and what is the "
        "surprise of that?"
    ),
    "mean_in_logarithm": N_(
        "This is the logarithm of a mean. The mean of the logarithms is asked."
    ),
    "wrong_axis": N_(
        "Your sum or maximum runs over the wrong axis. Samples are rows, classes are columns."
    ),
    "whole_array": N_("Your sum runs over the whole array. Each row is a distribution of its own."),
    "divided_by_classes": N_(
        "Your sum is divided by the number of classes. It is the number of samples that is asked."
    ),
    "divided_by_nonzero": N_(
        "Your slopes are divided by the number of errors that are not 0. Every sample counts in N."
    ),
    "dead_zone": N_(
        "A prediction that lies very near its label is taken for one that is right. Only at the "
        "label itself the slope is 0."
    ),
    "rows_by_label": N_(
        "A label picks a whole row here: the one with its number. The column of the label is "
        "asked, in the row of its own sample."
    ),
    "max_for_maximum": N_(
        "`np.max(z, 0)` is the largest of all numbers. `np.maximum(z, 0)` compares each with 0."
    ),
    "divergence": N_(
        "This is a divergence: the entropy of the labels is subtracted. The cross-entropy is asked."
    ),
    "soft_labels": N_(
        "Labels that hold a single 1 go right, and labels that are distributions do not. Every "
        "class counts with its own share."
    ),
    "wrong_shift": N_(
        "Logits that lie far apart go wrong. Which number of a row has to be subtracted, so that "
        "no exponent is above 0?"
    ),
    "rounded": N_("`{name}` rounds its result. Return all digits."),
    "ignored_argument": N_("`{name}` gives the same answer whatever `{argument}` is."),
    "return_in_loop": N_("Only the first sample counts. Does the `return` stand inside the loop?"),
    "loop_from_one": N_("The first sample is left out. Where does the loop begin?"),
    "loop_too_short": N_("The last sample is left out. Where does the loop end?"),
    "last_sample_only": N_("Only the last sample counts. Does `=` stand where `+=` should?"),
    "fixed_count": N_(
        "Your sum is divided by the same number for every input. How many samples are there?"
    ),
    "trained_on_held_out": N_("This was fitted to the samples that are held out."),
    "accuracy_for_loss": N_("This is a share of answers, and not the loss."),
    "helper_first": N_(
        "It builds on {helper}, where something is still wrong. Put that right first."
    ),
    "off_by_one": N_("Your labels are off by one: the first class is 0."),
    "wrong_class": N_("The loss of a sample is read from the column of its own label."),
    "unlabeled_classes": N_("Classes that did not happen add to your loss, and should not."),
    "hard_label": N_(
        "A label may be a distribution over several classes. Your function treats every row as if "
        "it held a single 1."
    ),
    "not_normalized": N_("The values of a row should sum to 1, and yours do not."),
    "no_logarithm_asked": N_("This is the logarithm of what is asked."),
    "softmax_twice": N_("Here the softmax is applied once more than is asked."),
    "only_true_class": N_(
        "Only the logit of the true class moves. The logits of the other classes change the loss "
        "too."
    ),
    "training_samples": N_("This was measured on the samples that the model was trained on."),
    "one_hot_expected": N_(
        "The label is used as a number to calculate with. It is the name of a column: a position."
    ),
    "missing_classes": N_(
        "A batch need not hold a sample of every class. How many classes there are stands in the "
        "number of columns."
    ),
    "not_ones": N_("The place of the class is right, and should hold a 1."),
    "not_undone": N_(
        "The largest logit is subtracted in one place only. What is subtracted from all logits of "
        "a row cancels, if it is subtracted from the true one too."
    ),
    "divided_early": N_("Both terms of the gradient are divided by N, and yours divides one."),
    "least_for_largest": N_("This is the position of the smallest value; the largest is asked."),
    "no_softmax": N_("These are logits and not yet probabilities."),
    "no_label": N_("The labels are missing from your gradient."),
    "probability_gradient": N_("This is a derivative with respect to y. The logit z is asked."),
    "no_input": N_("The chain rule has one factor more: the input that the weight multiplies."),
    "no_intercept": N_("Your line has no intercept, or it is not learned."),
    "ascent": N_("Your steps go uphill: the gradient is subtracted."),
    "square_for_crossentropy": N_(
        "This is the gradient of the squared error of a probability. It fades where the model is "
        "most wrong."
    ),
    "no_decay": N_("The learning rate does not shrink from step to step."),
    "wrong_decay": N_("The learning rate shrinks by another rule than is asked."),
    "not_sorted": N_("The entry in the middle is no median: the labels are not sorted yet."),
    "half_steps": N_(
        "Your steps are exactly half as long as they should be. Is there a factor 1/2 too many, in "
        "the gradient or in the step?"
    ),
    "sum_steps": N_(
        "Your steps are exactly {n} times too long, and there are {n} samples: a sum in the "
        "gradient where a mean is asked?"
    ),
    "mean_twice_steps": N_(
        "Your steps are exactly {n} times too short, and there are {n} samples: does the gradient "
        "divide by their number twice?"
    ),
    "one_step_only": N_("There is one step only. Does the `return` stand inside the loop?"),
    "step_zero": N_(
        "`{name}` returns NaN or infinity. Is the first step counted as 0? Its learning rate would "
        "be infinite."
    ),
    "one_step_less": N_("The number of steps is off by one."),
    "one_step_more": N_("The number of steps is off by one."),
    "fixed_rate": N_("The learning rate that is given is not used."),
    "wrong_order": N_("These are the right numbers in another order than is asked."),
    "wrong_unit": N_("Your value is right in another unit than is asked."),
    "no_update": N_("The parameters come back as they started."),
    "coupled_update": N_(
        "The second parameter is updated with the new value of the first. Compute both gradients "
        "before you change either."
    ),
    "probability_for_label": N_("A probability is returned where a label is asked."),
    "inverted": N_("The classes are exchanged."),
    "logits_for_labels": N_("The position of the largest value is asked, and not the value."),
    "errors_for_hits": N_("This is the share of wrong answers; the share of right ones is asked."),
    "percent": N_("A share between 0 and 1 is asked, and not a percentage."),
    "not_scaled": N_("The gray levels run to 16, and should run to 1."),
    "wrong_scale": N_("The gray levels run from 0 to 16. What are they divided by?"),
    # errors with a bound
    "no_bound": N_(
        "Large errors count with their whole square, and pull with their whole size. Where does "
        "delta hold them back?"
    ),
    "straight_everywhere": N_(
        "Small errors pull as hard as large ones. What does the loss do within delta?"
    ),
    "let_go": N_("Errors beyond delta do not pull at all. Their pull has a bound, and is not 0."),
    "no_half_square": N_("Within delta, half of the square is asked."),
    "pieces_apart": N_(
        "The two pieces do not meet: just beyond delta your loss jumps. What is subtracted from "
        "the straight piece?"
    ),
    "pieces_exchanged": N_("The two pieces have changed places: the square is for small errors."),
    "slope_of_one": N_("Beyond delta your slope is 1, whatever delta is."),
    "smooth_l1": N_(
        "This is the smooth L1 of other libraries: the Huber loss divided by delta. Here nothing "
        "is divided."
    ),
    "no_sizes": N_(
        "Positive and negative errors are not treated alike. It is the size of an error that is "
        "compared and counted."
    ),
    "one_sided_bound": N_("Errors are bounded on one side only. What bounds the other side?"),
    "overflow_of_square": N_(
        "A huge error goes wrong: its square is infinite, or a small number is lost beside it. "
        "Square only what is within delta, or choose a piece for each sample with `np.where`."
    ),
    # delta from the data
    "standard_deviation": N_(
        "This is the standard deviation, which outliers make large. Which spread is asked?"
    ),
    "mean_of_sizes": N_(
        "This is the mean of the sizes, which follows outliers. Which middle is asked?"
    ),
    "about_median": N_(
        "Your errors are measured from their own median. The middle of the errors of a line is 0."
    ),
    "wrong_ratio": N_(
        "The median of the sizes of Gaussian errors is smaller than their standard deviation. Do "
        "you multiply where you should divide?"
    ),
    "spread_for_delta": N_("This is the spread and not yet delta."),
    "size_for_spread": N_(
        "The median of the sizes is not yet the standard deviation. Which factor is between them?"
    ),
    "unsorted": N_("You take an entry by its place, and the numbers are not sorted yet."),
    "one_of_two": N_(
        "With an even number of errors there are two in the middle, and the median is their mean."
    ),
    "one_round_only": N_("This is the line after one round. Delta and line are found in turns."),
    "one_round_less": N_("The number of rounds is off by one."),
    "delta_of_one": N_("This line was fitted with the delta 1. Which delta do the data give?"),
    # two sides, two prices
    "sides_exchanged": N_(
        "The two sides are exchanged. Which one costs more, too low or too high?"
    ),
    "one_side_only": N_("Only one of the two sides counts. What about the other?"),
    "negative_cost": N_(
        "On one of the two sides your loss is negative. Which sign is wrong there?"
    ),
    "same_price": N_("Both sides have the same price. Which prices does the level set?"),
    "price_of_one": N_("One of the two sides has the price 1. Which price does the level set?"),
    "no_sign": N_("Your slopes are never negative. In which direction does each side pull?"),
    "interpolated": N_(
        "This number lies between two labels, where NumPy has interpolated. At one of the two it "
        "costs less: how many labels have to lie at or below it?"
    ),
    "next_to_best": N_(
        "This is a label next to the best one. How many labels have to lie at or below it?"
    ),
    "extreme": N_("This is the largest or the smallest label, whatever the prices are."),
    "mean_for_quantile": N_("This is the mean, which knows no prices."),
    "median_for_quantile": N_("This is the median, which is best where both sides cost the same."),
    "other_price": N_("Your level takes the price of one unit too high to be 1."),
    "level_for_constant": N_("This is the level. Which label lies there?"),
    "outside": N_("This is the share outside of the interval; the share inside is asked."),
    "one_end_only": N_("Only one end of the interval is compared. What about the other?"),
    "ends_exchanged": N_(
        "Nothing lies in your interval. Are its two ends, or the prices, exchanged?"
    ),
    # rare classes
    "gamma_wrong_factor": N_(
        "What is predicted well counts most in your loss. The power is taken of what was given to "
        "the other label."
    ),
    "same_factor": N_(
        "Both labels have the same factor. What was given to the other label is 1 - y for one of "
        "them. And for the other?"
    ),
    "gamma_no_power": N_("Gamma is an exponent: what was given to the other label, to the power."),
    "positives_only": N_("This is the mean over the labels 1 alone. All samples count in N."),
    "divided_by_weights": N_(
        "Your sum is divided by the sum of the weights. Here it is the number of samples."
    ),
    "product_of_means": N_(
        "This is the product of two means. Each sample's surprise has a factor of its own: "
        "multiply first, then take the mean."
    ),
    "alpha_wrong_class": N_("Alpha and 1 - alpha have changed places: alpha is for the label 1."),
    "alpha_always": N_("Alpha counts only if `apply_class_balancing` is true."),
    "alpha_for_all": N_("Both labels are multiplied by alpha. What is the weight of the label 0?"),
    "alpha_for_one": N_("Only the label 1 has a weight. What is the weight of the label 0?"),
    "factor_fixed": N_(
        "You differentiate the logarithm only. The factor before it depends on the prediction, "
        "too: what does the product rule say?"
    ),
    "logarithm_fixed": N_(
        "You differentiate the factor only. The logarithm behind it depends on the prediction, "
        "too: what does the product rule say?"
    ),
    "product_rule_sign": N_(
        "One of the two terms of the product rule has the wrong sign. How does the factor change "
        "when the prediction gets better?"
    ),
    "chain_factor": N_(
        "The derivative of the power is not right yet. What becomes of the exponent, and what "
        "comes before it?"
    ),
    "one_direction": N_(
        "Both labels pull in the same direction. In which one does the label 0 pull?"
    ),
    "by_logit": N_("This is the derivative with respect to the logit. The probability is asked."),
    "divided_by_samples": N_(
        "Your sum is divided by the number of samples, as `pos_weight` does it. Here it is the "
        "sum of the weights."
    ),
    "weighted_sum": N_("This is a weighted sum. By what is it divided to become a mean?"),
    "weight_wrong_class": N_("The label 0 has the weight, and the label 1 has none."),
    "weight_in_probability": N_(
        "The weight multiplies a probability. It is the loss of a sample that counts more."
    ),
    "several_labels": N_(
        "One label in each sample goes right, and several do not. Every element of the table is a "
        "sample, and the weight belongs to its column."
    ),
    "label_by_label": N_(
        "Each column has a mean of its own, and you take the mean of these. One weighted mean of "
        "all elements is asked."
    ),
    "share_of_all": N_(
        "One of your shares is taken of all samples. Of what is precision a share, and of what "
        "is recall?"
    ),
    "false_alarm_rate": N_(
        "The second share is that of the labels 0 which got an alarm. Which labels does recall "
        "count?"
    ),
    "specificity": N_(
        "The second share is that of the labels 0 which got no alarm. Which labels does recall "
        "count?"
    ),
    "no_alarm": N_("Without any alarm you divide by 0. What does the task ask for then?"),
    "at_threshold": N_("A prediction that is equal to the threshold gives an alarm."),
    "probability_divided": N_(
        "The probability is divided by the weight. It is the odds that the weight multiplied."
    ),
    "odds_multiplied": N_(
        "The odds are multiplied by the weight once more. Which operation undoes it?"
    ),
    "odds_for_probability": N_("These are odds and not yet probabilities."),
    "logarithm_of_probability": N_(
        "The logarithm of the weight is subtracted from a probability. From what is it subtracted?"
    ),
    "logit_for_probability": N_("These are logits and not yet probabilities."),
    "weight_for_logarithm": N_(
        "The weight is subtracted from the logit. A factor of the odds is another number there."
    ),
    "unchanged": N_("The probabilities come back as they were."),
    "infinite_odds": N_(
        "A probability of 0 or 1 goes wrong. The odds of 1 are infinite: which form does not "
        "divide by 1 - y?"
    ),
    "no_bin_weights": N_(
        "Your bins all count the same, and they are not equally full. How many samples does each "
        "hold?"
    ),
    "gaps_cancel": N_(
        "Bins in which too much and bins in which too little was predicted cancel. When is the "
        "absolute value taken?"
    ),
    "labels_left_behind": N_(
        "The predictions are sorted, and their labels have stayed where they were."
    ),
    "equal_widths": N_("Your bins are equally wide. Bins with equally many samples are asked."),
    "largest_gap": N_("This is the gap of one bin. The mean over all samples is asked."),
    "squared_gaps": N_("Your gaps are squared; absolute values are asked."),
    "costs_exchanged": N_(
        "The two costs are exchanged. Should a costly miss bring more alarms or fewer?"
    ),
    "odds_for_threshold": N_("This is a ratio of costs, so odds. Which probability has these?"),
    "false_alarm_of_one": N_("You take the cost of a false alarm to be 1."),
    "not_brought_back": N_(
        "The threshold from the costs meets probabilities of the weighted model. What do they "
        "have to be first?"
    ),
    "usual_threshold": N_("This is the cost at the threshold one half. What do the costs say?"),
    "alarms_of_training": N_(
        "These are the alarms for which the model was trained, with the weight 20. What does a "
        "miss cost now?"
    ),
    "one_cost_only": N_("Only one of the two mistakes costs anything. What about the other?"),
    "same_cost": N_("A miss costs as much as a false alarm here. How much more does it cost?"),
    "no_alarm_at_all": N_(
        "This is the cost without any alarm: no prediction reaches your threshold. Which "
        "predictions belong to it?"
    ),
    # right for ordinary inputs, wrong at the edge
    "changed_argument": N_(
        "`{name}` changes its argument `{argument}` in place. Work on a copy; watch for `+=` and "
        "`a[...] = `."
    ),
    "nan_on_perfect": N_(
        "A perfect prediction should cost 0, and yours costs NaN: 0 times infinity. What is "
        "0 log 0?"
    ),
    "no_guard": N_("A probability of 0 reaches the logarithm. Which guard does the task ask for?"),
    "one_sided_guard": N_("The logarithm is guarded at one end of [0, 1] and not at the other."),
    "fine_guard": N_("Your guard lies closer to 0 and 1 than the one that the task asks for."),
    "coarse_guard": N_(
        "Small probabilities are cut off too early: a confident mistake should cost more than "
        "yours does."
    ),
    "overflow": N_(
        "Large logits overflow in the exponential. Which constant can be subtracted first without "
        "changing the result?"
    ),
    "overflow_of_rows": N_(
        "Large logits go wrong: an exponential becomes infinite, or a probability becomes 0 or is "
        "cut off before its logarithm is taken. Subtract the largest logit of each row, and take "
        "the logarithm of the softmax on paper."
    ),
    "overflow_of_sigmoid": N_(
        "Large logits go wrong: an exponential becomes infinite, or a probability becomes 0 or 1 "
        "or is cut off before its logarithm is taken. Which form has no exponent above 0?"
    ),
    "whole_numbers": N_(
        "Whole numbers give another result than the same numbers with a decimal point. Is there a "
        "`//`, or an array of integers that cuts off decimals?"
    ),
    "one_sample": N_("A single sample goes wrong."),
    "tie": N_("Where prediction and label are equal the slope asked for is 0."),
    "not_finite": N_("`{name}` is NaN or infinite where a finite number is asked."),
    # gradients
    "follows_own_loss": N_(
        "Your gradient is that of your own loss, by finite differences. Put the loss right first."
    ),
    "gradient_mismatch": N_(
        "Your gradient is not the slope of your own loss: finite differences give other numbers, "
        "first at entry {entry}."
    ),
    # nothing known
    "rounding": N_("Close, but not close enough. Keep more digits."),
    "not_a_letter": N_("The answer is one letter among {options}, in quotation marks."),
    "not_the_letter": N_("Another answer fits better. Read the section again."),
    "differs": N_(
        "Your result differs from what is asked. Work one sample by hand and compare it with "
        "your function's result."
    ),
    "value_differs": N_(
        "`{name}` is another number than is asked. Go through its computation once more, step by "
        "step."
    ),
}


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong, by name, with the numbers that its message mentions."""

    name: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message in the reader's language."""
        return _(MESSAGES[self.name]).format(**self.details)


def show(value: Any, depth: int = 0) -> str:
    """Return a value in few characters, for a message."""
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=6, suppress=False, threshold=30):
            return np.array2string(value, separator=", ").replace("\n", "")
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if depth == 3:
            return "(...)"
        entries = [show(entry, depth + 1) for entry in value[:30]]
        return "(" + ", ".join(entries + ["..."] * (len(value) > 30)) + ")"
    return repr(value)[:200]


# --- answers that are no numbers ------------------------------------------------------------------


#: Which errors have a diagnosis of their own: the error, a part of its text, the diagnosis.
ERRORS = (
    ("RecursionError", "", "recursion"),
    ("IndexError", "too many indices", "too_many_indices"),
    ("IndexError", "could not be broadcast", "shapes"),
    ("IndexError", "integer", "index_type"),
    ("IndexError", "valid indices", "index_type"),
    ("TypeError", "indices must be integers", "index_type"),
    ("IndexError", "", "index_error"),
    ("AttributeError", "lossbook.", "losses_absent"),
    ("ImportError", "lossbook", "losses_absent"),
    ("ModuleNotFoundError", "lossbook", "losses_absent"),
    ("ModuleNotFoundError", "No module named", "package_absent"),
    ("TypeError", "positional argument", "wrong_parameters"),
    ("TypeError", "bitwise_xor", "power_sign"),
    ("TypeError", "as a data type", "shape_in_parentheses"),
    ("TypeError", "converted to Python scalar", "math_on_array"),
    ("ValueError", "truth value of an array", "truth_of_array"),
    ("ValueError", "could not be broadcast", "shapes"),
    ("ValueError", "mismatch in its core dimension", "shapes"),
    ("ValueError", "not aligned", "shapes"),
    ("ValueError", "math domain error", "math_domain"),
    ("ValueError", "expected a positive input", "math_domain"),
    ("ValueError", "expected a nonnegative input", "math_domain"),
    ("UFuncTypeError", "Cannot cast", "whole_number_array"),
    ("_UFuncOutputCastingError", "", "whole_number_array"),
)


def _no_answer(name: str, outcome: Outcome, parameters: tuple[str, ...]) -> Diagnosis | None:
    """Name what kept an answer from coming."""
    details = {
        "name": name,
        "error": outcome.error,
        "text": outcome.text,
        "parameters": ", ".join(parameters),
    }
    if outcome.kind == "unfinished" and outcome.text not in ("", name, "<module>", "<lambda>"):
        return Diagnosis("helper_unfinished", {**details, "helper": outcome.text})
    if outcome.kind in ("missing", "unfinished", "ended", "timeout"):
        return Diagnosis(outcome.kind, details)
    if outcome.kind == "unusable":
        special = outcome.reason in ("no_function", "too_large")
        return Diagnosis(outcome.reason if special else "unusable", details)
    if outcome.kind == "error":
        if outcome.error in ("NameError", "UnboundLocalError"):
            unknown = outcome.text.split("'")[1] if "'" in outcome.text else ""
            if unknown in ("np", "numpy", "math", "random"):
                return Diagnosis("missing_import", {"name": name, "module": unknown})
            return Diagnosis("unknown_name", details)
        for error, text, diagnosis in ERRORS:
            if outcome.error == error and text in outcome.text:
                if diagnosis == "package_absent":
                    module = [*outcome.text.split("'"), "?"][1]
                    details["module"] = module.partition(".")[0]
                return Diagnosis(diagnosis, details)
        return Diagnosis("error", details)
    if outcome.value is None:
        return Diagnosis("printed" if outcome.printed else "nothing_returned", details)
    return None


def _other_order(question: Function, trials: list[Trial], ask: Ask, *, right: bool) -> bool:
    """Return whether a function answers its arguments in another order, and rightly if asked.

    Where an array stands in the place of a number, or a number in that of an array, many a function
    runs all the same, so there it must answer rightly.
    """
    count = len(question.parameters)
    if count < 2 or question.judge is not None:
        return False

    def answers(trial: Trial, order: tuple[int, ...]) -> bool:
        arguments = tuple(trial.arguments[i] for i in order)
        outcome = call(ask, question.function, arguments)
        seen = arrays_of(outcome.value, question.returns) if outcome.kind == "value" else None
        if seen is None or seen[0].shape != trial.expected[0].shape:
            return False
        kinds = [np.ndim(argument) > 0 for argument in trial.arguments]
        if right or [kinds[i] for i in order] != kinds:
            return close(trial.expected, seen, question.tolerance)
        return bool(np.isfinite(seen[0]).all())

    orders = list(itertools.permutations(range(count)))[1:]
    return any(all(answers(trial, order) for trial in trials) for order in orders)


def _samples(trial: Trial) -> int:
    first = np.asarray(trial.arguments[0]) if trial.arguments else np.zeros(())
    return int(first.shape[0]) if first.ndim else 1


def _classes(trial: Trial) -> int:
    widths = [np.shape(a)[-1] for a in trial.arguments if np.ndim(a) == 2]
    return int(widths[0]) if widths else 1


def _wrong_shape(question: Function, trial: Trial) -> Diagnosis | None:
    value, n = trial.outcome.value, _samples(trial)
    name = question.function
    if question.judge is not None:
        return (
            None
            if trial.seen is not None
            else Diagnosis("unusable", {"name": name, "text": show(value)})
        )
    seen = arrays_of(value, "array")
    if seen is None:
        truth = isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == bool)
        diagnosis = "truth_values" if truth else "unusable"
        return Diagnosis(diagnosis, {"name": name, "text": show(value)})
    expected, found = trial.expected[0], seen[0]
    if expected.shape == found.shape:
        return None
    details = {"name": name, "shape": expected.shape, "seen": found.shape, "n": n}
    if found.ndim == 2 and found.shape == (n, n) and n > 1:
        return Diagnosis("broadcast", details)
    if expected.ndim == 0:
        return Diagnosis("array_for_number", {"name": name, "count": found.size})
    if found.ndim == 0:
        return Diagnosis("number_for_array", details)
    return Diagnosis("wrong_shape", details)


# --- answers that are wrong numbers ---------------------------------------------------------------


def _explains(formula: Callable[[Trial], Any], trials: list[Trial], question: Function) -> bool:
    """Return whether a wrong formula gives what was seen, in every trial."""
    for trial in trials:
        try:
            with np.errstate(all="ignore"):
                value = formula(trial)
                if question.judge is not None:
                    value = question.judge(*trial.arguments, np.asarray(value))
        except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
            return False
        wrong = arrays_of(value, "array")
        if wrong is None or not close(wrong, trial.seen, max(question.tolerance, 1e-6)):
            return False
    return True


#: By which factor a mistake changes the result, in one trial.
FACTORS: Mapping[str, Callable[[Trial], float]] = {
    "sum_for_mean": _samples,
    "mean_twice": lambda trial: 1 / _samples(trial),
    "mean_over_classes": lambda trial: 1 / _classes(trial),
    "half": lambda _: 0.5,
    "double": lambda _: 2.0,
    "sign": lambda _: -1.0,
    "log2": lambda _: 1 / math.log(2),
    "log10": lambda _: 1 / math.log(10),
    "n_minus_one": lambda trial: _samples(trial) / max(_samples(trial) - 1, 1),
}


def _factors(question: Function, trials: list[Trial]) -> list[Diagnosis]:
    """Return the one or two factors that explain every trial."""
    ones = [(name,) for name in FACTORS]
    for names in itertools.chain(ones, itertools.combinations(FACTORS, 2)):

        def scaled(trial: Trial, names: tuple[str, ...] = names) -> list[NDArray[Any]]:
            factor = math.prod(FACTORS[name](trial) for name in names)
            return [factor * array for array in trial.expected]

        changes = any(
            not close(trial.expected, scaled(trial), question.tolerance) for trial in trials
        )
        if changes and all(
            close(scaled(trial), trial.seen, question.tolerance) for trial in trials
        ):
            details = {"n": _samples(trials[0]), "c": _classes(trials[0])}
            return [Diagnosis(name, details) for name in names]
    ratios = list(_ratios(trials))
    if len(ratios) > 1 and ratios[0] and np.ptp(ratios) <= 1e-6 * abs(ratios[0]):
        return [Diagnosis("factor", {"factor": show(float(ratios[0]))})]
    return []


def _ratios(trials: list[Trial]) -> Iterator[float]:
    for trial in trials:
        for expected, seen in zip(trial.expected, trial.seen or [], strict=False):
            if expected.shape == seen.shape:
                nonzero = expected != 0.0
                yield from (seen[nonzero] / expected[nonzero]).ravel()


def _constant(trials: list[Trial]) -> bool:
    """Return whether the answers are all alike although they should differ."""
    seen = [[array.tolist() for array in trial.seen or []] for trial in trials]
    expected = [[array.tolist() for array in trial.expected] for trial in trials]
    return len(trials) > 1 and all(s == seen[0] for s in seen) and expected[0] != expected[1]


def _known(question: Function, trials: list[Trial]) -> Diagnosis | None:
    """Return the first of the question's own mistakes that explains the trials."""
    for mistake in question.mistakes:

        def wrong(trial: Trial, mistake: Mistake = mistake) -> Any:
            return mistake.formula(*trial.arguments)

        if _explains(wrong, trials, question):
            return Diagnosis(mistake.name, _names(question, trials[0]))
    return None


def _names(question: Function, trial: Trial) -> dict[str, Any]:
    return {
        "name": question.function,
        "parameters": ", ".join(question.parameters),
        "n": _samples(trial),
        "c": _classes(trial),
        "seen": (_samples(trial), _samples(trial)),
    }


def _general(question: Function, trials: list[Trial], ask: Ask) -> Diagnosis | None:
    """Return a mistake that every question may have."""
    details = _names(question, trials[0])
    if question.judge is None and _constant(trials):
        return Diagnosis("constant", details)
    for i, argument in enumerate(question.parameters):
        if _ignores(question, trials, ask, i):
            return Diagnosis("ignored_argument", {"name": question.function, "argument": argument})

    # A gradient in another order is often that with the wrong sign, which is said instead.
    if question.returns == "number" and _other_order(question, trials, ask, right=True):
        return Diagnosis("swapped", details)
    if question.returns == "number" and question.judge is None:
        for name, power in (("root", 0.5), ("squared", 2.0)):
            if all(
                trial.expected[0] >= 0
                and trial.seen is not None
                and close([trial.expected[0] ** power], trial.seen, question.tolerance)
                for trial in trials
            ):
                return Diagnosis(name, details)
    return None


def _ignores(question: Function, trials: list[Trial], ask: Ask, place: int) -> bool:
    """Return whether an argument makes no difference to a function where it should."""
    tried = 0
    for trial in trials:
        for other in _others(trial.arguments[place]):
            arguments = (*trial.arguments[:place], other, *trial.arguments[place + 1 :])
            try:
                with np.errstate(all="ignore"):
                    expected = arrays_of(question.reference(*arguments), "array")
            except (ValueError, TypeError, IndexError):
                continue
            if close(trial.expected, expected, question.tolerance):
                continue
            outcome = call(ask, question.function, arguments)
            seen = arrays_of(outcome.value, question.returns)
            if seen is None or not np.array_equal(seen, trial.seen or []):
                return False
            tried += 1
    return tried > 1


def _others(argument: Any) -> list[Any]:
    """Return other arguments of the same kind."""
    if isinstance(argument, bool):
        return [not argument]
    if not isinstance(argument, np.ndarray):
        return [argument + 1] if isinstance(argument, int) else [1.5 * argument, 0.3 * argument]
    turned = np.roll(argument, 1, axis=0)
    if argument.dtype.kind in "iub":
        return [turned]
    return [0.5 * (turned + argument), argument**2 if (argument >= 0).all() else -2.0 * turned]


def _finite_differences(question: Function, trial: Trial, ask: Ask) -> NDArray[Any] | None:
    """Return the slope of the student's own loss, or None if it has none."""
    y = np.asarray(trial.arguments[1], dtype=np.float64)
    slope = np.zeros_like(y)
    h = 1e-5
    for entry in np.ndindex(y.shape):
        ends = []
        for step in (h, -h):
            moved = y.copy()
            moved[entry] += step
            arguments = (trial.arguments[0], moved, *trial.arguments[2:])
            outcome = call(ask, question.gradient_of, arguments)
            value = arrays_of(outcome.value, "number") if outcome.kind == "value" else None
            if value is None or not np.isfinite(value[0]):
                return None
            ends.append(float(value[0]))
        slope[entry] = (ends[0] - ends[1]) / (2 * h)
    return slope


def _gradient(question: Function, trial: Trial, ask: Ask) -> Diagnosis | None:
    """Compare a wrong gradient with the slope of the student's own loss."""
    if trial.seen is None or not question.gradient_of:
        return None
    slope = _finite_differences(question, trial, ask)
    if slope is None or slope.shape != trial.seen[0].shape:
        return None
    scale = 1e-4 * max(1.0, float(np.abs(slope).max()))
    off = np.abs(slope - trial.seen[0]) > scale
    if not off.any():
        return Diagnosis("follows_own_loss", {"name": question.function})
    entry = tuple(int(i) for i in np.unravel_index(off.argmax(), off.shape))
    place = entry[0] if len(entry) == 1 else entry
    return Diagnosis("gradient_mismatch", {"name": question.function, "entry": place})


def diagnose_function(question: Function, trials: list[Trial], ask: Ask) -> list[Diagnosis]:
    """Return what is wrong with a function: nothing if it is right, else the best explanation."""
    wrong = [trial for trial in trials if not trial.right]
    if not wrong:
        return []
    part = [trial for trial in trials if trial.part == wrong[0].part]
    failed = [trial for trial in part if not trial.right]
    first = failed[0]
    nothing = _no_answer(question.function, first.outcome, question.parameters)
    if nothing is not None:
        stopped = first.part == 0 and first.outcome.kind == "error"
        if stopped and _other_order(question, part, ask, right=False):
            return [Diagnosis("swapped", _names(question, first))]
        told = question.parts[first.part].not_finite
        if first.outcome.error == "OverflowError" and told.startswith(("overflow", "wrong_shift")):
            return [Diagnosis(told, nothing.details)]
        if nothing.name == "index_error" and _beyond_classes(first):
            return [Diagnosis("label_error", nothing.details)]
        return [nothing]
    shape = _wrong_shape(question, first)
    if shape is not None:
        return [shape]
    if close(first.expected, first.seen, question.tolerance) and first.outcome.changed:
        index = first.outcome.changed[0]
        known = 0 <= index < len(question.parameters)
        argument = question.parameters[index] if known else "?"
        return [Diagnosis("changed_argument", {"name": question.function, "argument": argument})]
    ordinary = first.part == 0
    answered = [trial for trial in (part if ordinary else failed) if trial.seen is not None]
    seen = first.seen or []
    finite = all(np.isfinite(array).all() for array in seen)
    if first is trials[0] and finite and question.judge is None:
        again = call(ask, question.function, first.arguments)
        if again.kind == "value" and not close(
            seen, arrays_of(again.value, question.returns), question.tolerance
        ):
            return [Diagnosis("random", {"name": question.function})]
    known_mistake = _known(question, answered)
    if known_mistake is not None and (finite or ordinary):
        return [known_mistake]
    if not finite:
        return [_not_finite(question, part, first)]
    if all(_is_rounded(trial) for trial in answered):
        return [Diagnosis("rounded", _names(question, first))]
    if ordinary:
        general = _general(question, answered, ask)
        if general is not None:
            return [general]
        factors = _factors(question, answered)
        own = _gradient(question, first, ask)
        if own is not None and (own.name == "follows_own_loss" or not factors):
            return [own]
        if factors:
            return factors
    return [Diagnosis(_where_wrong(question, first, ask), _names(question, first))]


def _where_wrong(question: Function, trial: Trial, ask: Ask) -> str:
    """Return what a part says of a wrong answer, if that is true of this one."""
    told = question.parts[trial.part].wrong
    expected, seen = trial.expected[0], (trial.seen or trial.expected)[0]
    if told == "coarse_guard":
        true = bool(((seen < expected) | (expected < 1e-6)).all())
    elif told == "tie":
        true = bool(np.isclose(seen, expected)[expected != 0.0].all())
    elif told == "whole_numbers":
        decimal = tuple(np.asarray(a, dtype=np.float64) for a in trial.arguments)
        outcome = call(ask, question.function, decimal)
        true = close(trial.expected, arrays_of(outcome.value, question.returns), question.tolerance)
    else:
        true = True
    return told if true else "differs"


def _beyond_classes(trial: Trial) -> bool:
    """Return whether an index ran beyond the classes, and not beyond the samples."""
    size = re.search(r"size (\d+)", trial.outcome.text)
    classes = _classes(trial)
    return size is not None and 1 < classes == int(size[1]) != _samples(trial)


def _is_rounded(trial: Trial) -> bool:
    """Return whether an answer is right but for its last digits, which were cut off."""
    seen, expected = trial.seen or [], trial.expected
    return len(seen) == len(expected) and any(
        all(
            a.shape == b.shape and np.allclose(np.round(b, digits), a, rtol=0, atol=1e-12)
            for a, b in zip(seen, expected, strict=True)
        )
        for digits in range(1, 6)
    )


def _not_finite(question: Function, part: list[Trial], first: Trial) -> Diagnosis:
    name = question.parts[first.part].not_finite
    details = _names(question, first)
    perfect = all((array == 0.0).all() for array in first.expected)
    is_nan = any(np.isnan(array).any() for array in first.seen or [])
    if name in ("no_guard", "nan_on_perfect") and any(trial.right for trial in part):
        return Diagnosis("one_sided_guard", details)
    if perfect and is_nan and question.returns == "number":
        return Diagnosis("nan_on_perfect", details)
    return Diagnosis(name, details)


def _is_cut(expected: NDArray[Any], seen: NDArray[Any]) -> bool:
    """Return whether a number has few digits, and is right but for the last of them."""
    if expected.ndim or seen.ndim:
        return False
    digits = len(repr(float(seen)).rstrip("0").partition(".")[2])
    return digits <= 6 and abs(float(seen - expected)) <= 10.0**-digits


def _ratio(expected: NDArray[Any], seen: NDArray[Any]) -> dict[str, int]:
    """Return how many times too large, or too small, a single number is."""
    if expected.ndim or seen.ndim or not expected or not seen or not np.isfinite(seen):
        return {}
    times = max(abs(float(seen / expected)), abs(float(expected / seen)))
    return dict.fromkeys(("n", "c"), round(times)) if times < 1e6 else {}


# --- variables ------------------------------------------------------------------------------------


def diagnose_value(question: Value | Choice, trial: Trial) -> list[Diagnosis]:
    """Return what is wrong with the value of a variable."""
    if trial.right:
        return []
    nothing = _no_answer(question.variable, trial.outcome, ())
    if nothing is not None:
        other = {
            "printed": "unfinished",
            "nothing_returned": "unfinished",
            "unusable": "no_number",
            "too_large": "no_number",
        }
        return [Diagnosis(other.get(nothing.name, nothing.name), nothing.details)]
    if isinstance(question, Choice):
        letter = trial.outcome.value
        options = ", ".join(question.options)
        known = isinstance(letter, str) and letter.strip().lower() in list(question.options)
        return [Diagnosis("not_the_letter" if known else "not_a_letter", {"options": options})]
    if trial.seen is None:
        shown = {"name": question.variable, "text": show(trial.outcome.value)}
        return [Diagnosis("no_number", shown)]
    expected = trial.expected[0]
    details: dict[str, Any] = {
        "name": question.variable,
        "shape": expected.shape,
        "seen": trial.seen[0].shape,
        "n": "N",
        "c": "C",
        **_ratio(expected, trial.seen[0]),
    }
    if expected.shape != trial.seen[0].shape:
        details["count"] = trial.seen[0].size
        return [Diagnosis("wrong_shape" if expected.ndim else "values_for_number", details)]
    for mistake in question.mistakes:
        wrong = arrays_of(mistake.formula(), "array")
        assert wrong is not None
        if close(wrong, trial.seen, question.tolerance):
            return [Diagnosis(mistake.name, details)]
    for name in ("half", "double", "sign", "log2", "log10"):
        if close([FACTORS[name](trial) * expected], trial.seen, question.tolerance):
            return [Diagnosis(name, details)]
    if not np.isfinite(trial.seen[0]).all():
        return [Diagnosis("not_finite", details)]
    if close([expected], trial.seen, 0.03) and _is_cut(expected, trial.seen[0]):
        return [Diagnosis("rounding", details)]
    return [Diagnosis("value_differs", details)]
