"""What is kept and what is recomputed: every budget gives the same gradients, and costs what the plan says."""

import json
import shutil
import subprocess
import unittest

import numpy as np

from command import CP, CP_SHAPES, data
from training import NETWORK, NETWORK_SHAPES, GradTest, LibraryTest, aligned, drawn


class Files(GradTest):
    def test_every_point_of_the_front_gives_the_same_gradients(self):
        equation, *words = NETWORK
        files = [self.save(f"{k}.npy", drawn(shape, k)) for k, shape in enumerate(NETWORK_SHAPES)]
        front = json.loads(self.succeed("pareto", equation, *words, "--dtype=f64", "--json"))["front"]
        self.assertGreater(len(front), 2)
        first = None
        for point in front:
            with self.subTest(kept=point["kept_bytes"]):
                out = self.grad(equation, files, f"--keep={point['kept_bytes']}", "--check")
                self.assertTrue(out["passed"], out)
                for key in ("kept_bytes", "forward_peak", "backward_peak"):
                    self.assertEqual(out[key], point[key], key)
                self.assertEqual(out["macs"]["forward"] + out["macs"]["backward"], point["macs"])
                gradients = [self.load(k) for k in range(4)]
                first = first or gradients
                for one, other in zip(first, gradients):
                    np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)

    def test_a_pinned_order_keeps_less(self):
        _, files = self.save_cp()
        for tree in ("((0,1),2)", "((0,2),1)"):
            front = json.loads(self.succeed("pareto", CP, *CP_SHAPES, "--dtype=f64", "--tree=" + tree, "--json"))["front"]
            for point in front:
                out = self.grad(CP, files, "--tree=" + tree, f"--keep={point['kept_bytes']}", "--check")
                self.assertEqual((out["passed"], out["kept_bytes"], sum(out["macs"].values())), (True, point["kept_bytes"], point["macs"]))

    def test_memory_limits_hold_and_name_one_that_works(self):
        equation = NETWORK[0]
        files = [self.save(f"{k}.npy", drawn(shape, k)) for k, shape in enumerate(NETWORK_SHAPES)]
        for options in ([], ["--check"], ["--tree=((0,1),(2,3))"]):
            err = self.refuse("grad", equation, *files, "-o", self.path("g"), "--memory-limit=1", *options)
            self.assertIn("expected a memory limit of at least ", err)
            least = int(err.split("at least ")[1].split()[0])
            self.refuse("grad", equation, *files, "-o", self.path("g"), f"--memory-limit={least - 1}", *options)
            out = self.grad(equation, files, f"--memory-limit={least}", *options)
            whole = self.grad(equation, files, *options)
            self.assertLess(out["kept_bytes"], whole["kept_bytes"])
            self.assertGreater(out["macs"]["backward"], whole["macs"]["backward"])


class Libraries(LibraryTest):
    def front(self, *words):
        return json.loads(self.succeed("pareto", *words, "--json"))["front"]

    def test_compiled_macs_are_those_of_the_front(self):
        """For all points of one network of each family, or some of many."""
        families = set()
        for entry in data("networks.json")["networks"]:
            if "train_front" not in entry or entry["family"] in families:
                continue
            families.add(entry["family"])
            case = self.folder / "case.json"
            case.write_text(json.dumps({key: entry[key] for key in ("expr", "shapes", "conv_modes")} | {"gradients": "all"}))
            front = entry["train_front"]
            for kept, macs in front[::max(1, len(front) // 8)] + front[-1:]:
                with self.subTest(name=entry["name"], kept=kept):
                    self.assertEqual(self.counted([f"--case={case}", "--name=layer", f"--keep={4 * kept}"]), macs)

    def test_a_library_for_every_budget(self):
        random = np.random.default_rng(1)
        arrays = [random.standard_normal(shape) for shape in NETWORK_SHAPES]
        cotangent = random.standard_normal((6, 3, 4, 5))
        first = None
        for number, point in enumerate(self.front(*NETWORK, "--dtype=f64")):
            library, info = self.library(*NETWORK, "--dtype=f64", "--gradients=all", f"--keep={point['kept_bytes']}", name=f"k{number}")
            forward, backward = info["functions"]
            self.assertEqual([a["bytes"] for a in forward["arguments"] if a["role"] == "kept"], [point["kept_bytes"]])
            self.assertEqual(forward["macs"] + backward["macs"], point["macs"])
            buffers = {"cotangent": aligned(cotangent.nbytes)}
            buffers["cotangent"].view("f8")[:] = cotangent.ravel()
            self.call(library, forward, arrays, buffers)
            del buffers["workspace"]
            self.call(library, backward, arrays, buffers)
            gradients = [buffers[f"grad{k}"].view("f8").copy() for k in range(4)]
            first = first or gradients
            for one, other in zip(first, gradients):
                np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)
        x, a, b, c = arrays
        expected = np.einsum("buvd,iyvj,jod,xui->bxyo", cotangent, b, c, a)
        np.testing.assert_allclose(first[0].reshape(x.shape), expected, atol=1e-11)

    PROGRAM = r"""
#include "all.h"
#include "none.h"
#include <math.h>
#include <stdio.h>
static _Alignas(64) unsigned char kept_all[CONVEINSUM_ALL_KEPT_BYTES + 1], workspace[WORKSPACE];
static _Alignas(64) double grad0[2][144], grad1[2][24], grad2[2][72], grad3[2][30];
static double x[144], a[24], b[72], c[30], g[360];
static void fill(double *p, int n, int seed) { for (int i = 0; i < n; ++i) p[i] = sin(1 + i * 0.7 + seed); }
int main(void) {
  static _Alignas(64) double y[2][360];
  fill(x, 144, 0), fill(a, 24, 1), fill(b, 72, 2), fill(c, 30, 3), fill(g, 360, 4);
  conveinsum_all_forward(x, a, b, c, y[0], kept_all, workspace);
  conveinsum_none_forward(x, a, b, c, y[1], CONVEINSUM_NONE_KEPT_BYTES ? workspace : 0, workspace);
  conveinsum_all_backward(x, a, b, c, g, kept_all, grad0[0], grad1[0], grad2[0], grad3[0], workspace);
  conveinsum_none_backward(x, a, b, c, g, 0, grad0[1], grad1[1], grad2[1], grad3[1], workspace);
  double worst = 0;
  for (int i = 0; i < 360; ++i) worst = fmax(worst, fabs(y[0][i] - y[1][i]));
  for (int i = 0; i < 144; ++i) worst = fmax(worst, fabs(grad0[0][i] - grad0[1][i]));
  for (int i = 0; i < 24; ++i) worst = fmax(worst, fabs(grad1[0][i] - grad1[1][i]));
  for (int i = 0; i < 72; ++i) worst = fmax(worst, fabs(grad2[0][i] - grad2[1][i]));
  for (int i = 0; i < 30; ++i) worst = fmax(worst, fabs(grad3[0][i] - grad3[1][i]));
  /* One entry by a central difference; the loss is the sum of g y. */
  double slope = 0;
  for (int sign = -1; sign <= 1; sign += 2) {
    a[5] += sign * 0.25;
    conveinsum_all_forward(x, a, b, c, y[0], kept_all, workspace);
    for (int i = 0; i < 360; ++i) slope += sign * g[i] * y[0][i] / 0.5;
    a[5] -= sign * 0.25;
  }
  printf("%d %d %d %d\n", CONVEINSUM_ALL_KEPT_BYTES > 0, CONVEINSUM_NONE_KEPT_BYTES, worst < 1e-11, fabs(slope - grad1[0][5]) < 1e-9);
  return 0;
}
"""

    def test_a_c_program_trains_with_two_budgets(self):
        compiler = shutil.which("cc") or shutil.which("clang-22")
        if not compiler:
            self.skipTest("no C compiler")
        for name, keep in (("all", []), ("none", ["--keep=0"])):
            self.succeed("compile", *NETWORK, "--dtype=f64", "--gradients=all", *keep, "--emit=object", "-o", self.path(name + ".o"))
        sizes = " + ".join(f"CONVEINSUM_{name}_{pass_}_WORKSPACE_BYTES" for name in ("ALL", "NONE") for pass_ in ("FORWARD", "BACKWARD"))
        (self.folder / "program.c").write_text(self.PROGRAM)
        subprocess.run([compiler, "-std=c11", "-Wall", "-Werror", f"-DWORKSPACE=({sizes} + 1)", "program.c", "all.o", "none.o", "-lm", "-o", "program"],
                       cwd=self.folder, check=True)
        done = subprocess.run([self.folder / "program"], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "1 0 1 1\n")

    def test_memory_limits_count_what_is_kept(self):
        words = [*NETWORK, "--gradients=all", "--emit=object", "-o", self.path("a.o")]
        least = int(self.refuse("compile", *words, "--memory-limit=1").split("at least ")[1].split()[0])
        self.refuse("compile", *words, f"--memory-limit={least - 1}")
        self.succeed("compile", *words, f"--memory-limit={least}")
        small = (self.folder / "a.h").read_text()
        self.succeed("compile", *words)
        whole = (self.folder / "a.h").read_text()

        def kept(header):
            return int(header.split("KEPT_BYTES ")[1].split()[0])
        self.assertLess(kept(small), kept(whole))


if __name__ == "__main__":
    unittest.main()
