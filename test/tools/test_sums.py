"""Long sums of data that one accumulator gets wrong: of one sign, and sorted."""

import json
import unittest

import numpy as np

from command import CommandTest

N = 1 << 20
TYPES = {"f32": "f4", "f64": "f8", "f16": "f4", "bf16": "f4", "complex<f32>": "c8", "complex<f64>": "c16"}


def uniform(random, shape):
    return random.random(shape)


def ascending(random, shape):
    """A power law, sorted along the first mode."""
    return np.sort(random.pareto(1.5, shape) + 1, axis=0)


def descending(random, shape):
    return ascending(random, shape)[::-1]


FILLS = (uniform, ascending, descending)


class Sums(CommandTest):
    def make(self, fill, dtype, *shapes, prefix=""):
        """Files of f32, f64 or complex values; those for f16 are so small that sums stay in its range."""
        random = np.random.default_rng(7)
        paths = []
        for shape in shapes:
            values = fill(random, shape)
            if dtype == "f16":
                values = values / values.max() / 8 + 2.0**-9
            if dtype.startswith("complex"):
                values = values * (1 + 0.5j)
            paths.append(self.path(f"{prefix}{len(paths)}.npy"))
            np.save(paths[-1], np.ascontiguousarray(values).astype(TYPES[dtype]))
        return paths

    def check(self, equation, paths, dtype, *options):
        out = self.succeed("run", equation, *paths, "-o", self.path("y.npy"), "--check", "--json", "--dtype=" + dtype,
                           *options)
        result = json.loads(out)
        self.assertTrue(result["passed"])
        self.assertLessEqual(result["max_error"], result["bound"])
        return result

    def test_every_type(self):
        for dtype in TYPES:
            for fill in FILLS:
                paths = self.make(fill, dtype, (N, 2), (N, 2))
                with self.subTest(dtype=dtype, fill=fill.__name__):
                    self.check("nc,nc->c", paths, dtype, "--threads=2")

    def test_planners(self):
        """Every type under every planner, on one thread and on two: 2^16 sorted terms of one sign."""
        lines = []
        for number, dtype in enumerate(TYPES):
            paths = self.make(ascending, dtype, (1 << 16, 1), (1 << 16, 1), (1,), prefix=f"{number}.")
            lines.append({"expr": "nc,nc,c->c", "inputs": paths, "dtype": dtype, "output": self.path(f"{number}.y.npy")})
        for planner in ("auto", "exact", "anneal", "greedy", "left", "rebuild"):
            for threads in (1, 2):
                results = self.batch("run", lines, "--check", f"--planner={planner}", f"--threads={threads}")
                for line, result in zip(lines, results):
                    with self.subTest(planner=planner, threads=threads, dtype=line["dtype"]):
                        self.assertTrue(result["passed"])
                        self.assertLessEqual(result["max_error"], result["bound"])

    def test_sums_of_one_operand(self):
        for fill in FILLS:
            paths = self.make(fill, "f32", (N, 2))
            for equation in ("nc->", "nc->c", "nc->n"):
                self.check(equation, paths, "f32")
            # Modes that one operand alone has are summed before the product.
            self.check("nc,md->cd", self.make(fill, "f32", (1024, 3), (1000, 2)), "f32")
            self.check("ii->", self.make(fill, "f32", (1500, 1500)), "f32")

    def test_products_of_matrices(self):
        for fill in FILLS:
            self.check("ik,kj->ij", self.make(fill, "f32", (3, 100000), (100000, 18)), "f32", "--threads=2")
            self.check("ik,jk->ij", self.make(fill, "bf16", (3, 100000), (4, 100000)), "bf16")
            self.check("bik,bkj->ij", self.make(fill, "f32", (40, 2, 3000), (40, 3000, 9)), "f32")

    def test_convolutions(self):
        for fill in FILLS:
            paths = self.make(fill, "f32", (N,), (1 << 18,))
            self.check("h,h->h|h", paths, "f32", "--conv=h:stride=65536,padding=valid")
            self.check("h,h->h|h", paths, "f32", "--conv=h:stride=131072,padding=same,flip")
            paths = self.make(fill, "f64", (3, 60000), (3, 300), (3, 20))
            for planner in ("exact", "rebuild"):
                self.check("ch,ch,ch->|h", paths, "f64", "--conv=h:stride=500,padding=valid", "--planner=" + planner)
            # 70,000 taps on a circle of 5.
            self.check("h,h->h|h", self.make(fill, "f32", (5,), (70000,)), "f32", "--conv=h:padding=circular")

    def test_a_bound_that_one_chain_misses(self):
        """The bound is that of blocks: NumPy's running sum, one chain of additions, is beyond it."""
        paths = self.make(uniform, "f32", (1 << 22, 1), (1 << 22, 1))
        result = self.check("nc,nc->c", paths, "f32")
        bound = 3 * 2.0**-24 * (1 + 256 + 22)
        self.assertAlmostEqual(result["bound"] / bound, 1, places=9)
        products = np.load(paths[0])[:, 0] * np.load(paths[1])[:, 0]
        exact = products.astype("f8").sum()
        self.assertGreater(abs(np.cumsum(products)[-1] - exact) / exact, bound)


if __name__ == "__main__":
    unittest.main()
