"""A loss of one's own in Keras: quoted by the book, and run by ``make references``."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("book")
class MissLoss(keras.losses.Loss):
    """Cross-entropy from logits, where a miss costs m."""

    def __init__(self, m, **settings):
        """Remember what a miss costs."""
        super().__init__(**settings)
        self.m = m

    def call(self, t, z):
        """Return the loss of each sample; Keras averages."""
        if t.shape != z.shape:
            shapes = f"{tuple(t.shape)} and {tuple(z.shape)}"
            raise ValueError(f"labels and logits differ: {shapes}")
        log_yes, log_no = ops.log_sigmoid(z), ops.log_sigmoid(-z)
        return -self.m * t * log_yes - (1 - t) * log_no

    def get_config(self):
        """Return what is saved with a model."""
        return {**super().get_config(), "m": self.m}


def network(w1, w2, b1, b2, w3, w4, b3):
    """Return the network of the page."""
    hidden = keras.layers.Dense(2, activation="relu")
    net = keras.Sequential([keras.Input((1,)), hidden, keras.layers.Dense(1)])
    start = ([[w1, w2]], [b1, b2], [[w3], [w4]], [b3])
    net.set_weights([np.array(values) for values in start])
    return net


def gradients(x, t, m, start):
    """Return the gradient: what one step at the rate 1 takes away."""
    net = network(*start)
    net.compile(optimizer=keras.optimizers.SGD(1.0), loss=MissLoss(m))
    before = np.concatenate([p.ravel() for p in net.get_weights()])
    net.train_on_batch(x[:, None], t[:, None])
    return before - np.concatenate([p.ravel() for p in net.get_weights()])
