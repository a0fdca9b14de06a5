"""The classifier of the tutorial: a few steps of its training, and its gradients against the same network written in NumPy."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from command import COMMAND, DATA

DEMO = DATA.parents[1] / "tools" / "demo"
sys.path.insert(0, str(DEMO))
import digits
import train

OPT = COMMAND + "-opt"
BATCHES = 32


def windows(x, taps):
    """The windows of stride 2 of pictures with as many zeros on both sides as their halves reach out: ..., row, column, tap, tap."""
    out = taps // 2
    x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(out, out), (out, out)])
    return np.lib.stride_tricks.sliding_window_view(x, (taps, taps), (-2, -1))[..., ::2, ::2, :, :]


def unwindowed(gradient, taps, side):
    """The adjoint of `windows`, entry by entry of the window."""
    out = taps // 2
    x = np.zeros((*gradient.shape[:-4], side + 2 * out, side + 2 * out))
    rows, columns = gradient.shape[-4:-2]
    for i in range(taps):
        for j in range(taps):
            x[..., i:i + 2 * rows:2, j:j + 2 * columns:2] += gradient[..., i, j]
    return x[..., out:-out, out:-out]


class Reference:
    """The network with its factors multiplied out, in f64; gradients go back to the factors by the chain rule."""

    def __init__(self, weights):
        self.w = {name: np.asarray(value, "f8") for name, value in weights.items()}
        w = self.w
        self.kernel1 = np.einsum("rh,rw,rt->thw", w["down"], w["across"], w["mix"])
        self.kernel2 = np.einsum("sp,pqhw,qt->tshw", w["in"], w["core"], w["out"])
        self.matrix = np.einsum("tu,uhv,vwo->thwo", w["train0"], w["train1"], w["train2"])

    def scores(self, pictures):
        w = self.w
        self.windows1 = windows(np.asarray(pictures, "f8"), 5)
        self.h1 = np.maximum(np.einsum("bhwij,tij->bthw", self.windows1, self.kernel1) + w["bias1"][:, None, None], 0)
        self.windows2 = windows(self.h1, 3)
        self.h2 = np.maximum(np.einsum("bshwij,tsij->bthw", self.windows2, self.kernel2) + w["bias2"][:, None, None], 0)
        return np.einsum("bthw,thwo->bo", self.h2, self.matrix) + w["bias3"]

    def loss_and_gradients(self, pictures, labels):
        w, g = self.w, {}
        scores = self.scores(pictures)
        powers = np.exp(scores - scores.max(1, keepdims=True))
        softmax = powers / powers.sum(1, keepdims=True)
        loss = -np.log((softmax * labels).sum(1)).mean()
        toward = (softmax - labels) / len(labels)
        g["bias3"] = toward.sum(0)
        matrix = np.einsum("bthw,bo->thwo", self.h2, toward)
        g["train0"] = np.einsum("thwo,uhv,vwo->tu", matrix, w["train1"], w["train2"])
        g["train1"] = np.einsum("thwo,tu,vwo->uhv", matrix, w["train0"], w["train2"])
        g["train2"] = np.einsum("thwo,tu,uhv->vwo", matrix, w["train0"], w["train1"])
        toward = np.einsum("bo,thwo->bthw", toward, self.matrix) * (self.h2 > 0)
        g["bias2"] = toward.sum((0, 2, 3))
        kernel = np.einsum("bthw,bshwij->tsij", toward, self.windows2)
        g["in"] = np.einsum("tshw,pqhw,qt->sp", kernel, w["core"], w["out"])
        g["core"] = np.einsum("tshw,sp,qt->pqhw", kernel, w["in"], w["out"])
        g["out"] = np.einsum("tshw,sp,pqhw->qt", kernel, w["in"], w["core"])
        toward = unwindowed(np.einsum("bthw,tsij->bshwij", toward, self.kernel2), 3, 8) * (self.h1 > 0)
        g["bias1"] = toward.sum((0, 2, 3))
        kernel = np.einsum("bthw,bhwij->tij", toward, self.windows1)
        g["down"] = np.einsum("thw,rw,rt->rh", kernel, w["across"], w["mix"])
        g["across"] = np.einsum("thw,rh,rt->rw", kernel, w["down"], w["mix"])
        g["mix"] = np.einsum("thw,rh,rw->rt", kernel, w["down"], w["across"])
        return loss, g


class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.weights = train.Weights(train.MODULE.read_text())
        cls.libraries = {budget: train.Library(pathlib.Path(folder.name), OPT, budget) for budget in ("max", "40%", "min")}
        cls.pictures, cls.labels = digits.digits(BATCHES * train.BATCH, digits.TRAINING_FONTS, 3)

    def trained(self, budget):
        """A trainer after three epochs, and what happened."""
        trainer = train.Trainer(self.libraries[budget], self.weights, 4)
        data = self.pictures, self.labels
        return trainer, train.train(trainer, data, data, 3, 5, show=lambda _: None)

    def test_gradients_are_those_of_numpy(self):
        """Where training begins, and where biases and all other weights have moved."""
        batch = slice(train.BATCH)
        for trainer in (train.Trainer(self.libraries["max"], self.weights, 4), self.trained("40%")[0]):
            loss = trainer.differentiate(self.pictures[batch], self.labels[batch])
            reference = Reference(self.weights.views(trainer.state[0]))
            expected_loss, expected = reference.loss_and_gradients(self.pictures[batch], self.labels[batch])
            self.assertAlmostEqual(loss, expected_loss, delta=1e-5 * expected_loss)
            gradients = self.weights.views(trainer.gradient)
            self.assertEqual(set(gradients), set(expected))
            for name, gradient in gradients.items():
                size = np.abs(expected[name]).max()
                self.assertGreater(size, 1e-3, name)
                np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=1e-4 * size, err_msg=name)
            scores = reference.scores(self.pictures)
            right = np.mean(scores.argmax(1) == self.labels.argmax(1))
            self.assertEqual(trainer.accuracy(self.pictures, self.labels), right)

    def test_the_optimizer_is_that_of_numpy(self):
        trainer, _ = self.trained("max")
        weights, mean, square = (np.asarray(vector, "f8") for vector in trainer.state)
        batch = slice(train.BATCH)
        trainer.step(self.pictures[batch], self.labels[batch])
        gradient = np.asarray(trainer.gradient, "f8")
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        for got, expected in zip(trainer.state, (weights - 0.003 * mean / (np.sqrt(square) + 1e-6), mean, square)):
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)

    def test_the_loss_falls(self):
        _, history = self.trained("max")
        first, *_, last = (loss for loss, _ in history.epochs)
        self.assertLess(last, 0.7 * first)
        self.assertGreater(history.epochs[-1][1], 0.3)

    def test_budgets_change_nothing_but_bytes(self):
        kept = [self.libraries[budget].kept_bytes for budget in ("max", "40%", "min")]
        self.assertLessEqual(kept[1], 0.4 * kept[0])
        self.assertLess(kept[2], 0.01 * kept[0])
        _, expected = self.trained("max")
        for budget in ("40%", "min"):
            _, history = self.trained(budget)
            self.assertEqual(history.losses, expected.losses)
            self.assertEqual(history.gradients, expected.gradients)
        self.assertEqual(len(expected.losses), 3 * BATCHES)

    def test_labels_and_fonts(self):
        self.assertFalse(set(digits.TRAINING_FONTS) & set(digits.TESTING_FONTS))
        self.assertEqual(list(self.labels.sum(1)), [1] * len(self.labels))
        again, _ = digits.digits(64, digits.TRAINING_FONTS, 3)
        other, _ = digits.digits(64, digits.TRAINING_FONTS, 4)
        self.assertTrue(np.array_equal(again, digits.digits(64, digits.TRAINING_FONTS, 3)[0]))
        self.assertFalse(np.array_equal(again, other))

    def test_a_whole_run_says_what_it_does(self):
        words = [sys.executable, DEMO / "train.py", "--opt", OPT, "--epochs=1", "--batches=2"]
        done = subprocess.run([*words, "--budgets", "max", "min"], capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("budget min: losses and gradients of 2 steps are those of max\n", done.stdout)
        done = subprocess.run([*words, "--budgets", "1B"], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1)
        self.assertIn("budget", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
