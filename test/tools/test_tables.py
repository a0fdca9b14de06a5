"""The room that tables have: options, environment, terminal."""

import fcntl
import json
import math
import os
import pty
import struct
import subprocess
import termios
import unittest

from command import COMMAND, CommandTest, seconds

LAYER = ["bshw,rt,rs,rh,rw->bthw|hw", "128x128x28x28", "56x128", "56x128", "56x3", "56x3"]


def width(text):
    return max(len(line) for line in text.splitlines())


def chain(operands):
    return [",".join(f"(m{k})(m{k + 1})" for k in range(operands)) + f"->(m0)(m{operands})",
            *(f"{2 + k % 3}x{2 + (k + 1) % 3}" for k in range(operands))]


def on_terminal(columns, *words, **environment):
    """What the command prints on a terminal of so many columns."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", **environment}
    with subprocess.Popen([COMMAND, *words], stdout=side, env=environment) as process:
        os.close(side)
        text = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError: # the other end is closed
                break
            if not part:
                break
            text += part
        process.wait(timeout=seconds(60))
    os.close(main)
    return text.decode().replace("\r\n", "\n")


class Tables(CommandTest):
    def test_width(self):
        for words in (["plan", *LAYER], ["plan", *LAYER, "--tree=((((1,2),3),4),0)"], ["pareto", *LAYER, "--keep=24MiB"],
                      ["plan", *chain(200), "--planner=left"], ["plan", *LAYER, "--parametric=b:1..4096"]):
            wide = self.succeed(*words, "--width=all")
            for columns in (40, 60, 80, 100, 132):
                with self.subTest(words=words[0], columns=columns):
                    table = self.succeed(*words, f"--width={columns}")
                    self.assertLessEqual(width(table), columns)
            self.assertGreater(width(wide), 40)
            self.assertLessEqual(width(self.succeed(*words)), 100)

    def test_check(self):
        network = ["check", ",".join("a" for _ in range(30)) + "->a", *["2"] * 30, "--trees=2"]
        table = self.succeed(*network, "--width=60")
        self.assertLessEqual(width(table), 60)
        self.assertEqual(table.count("..."), 2)
        self.assertNotIn("...", self.succeed(*network, "--width=all"))

    def test_terminal(self):
        words = ["plan", *LAYER]
        self.assertLessEqual(width(on_terminal(72, *words)), 72)
        self.assertGreater(width(on_terminal(200, *words)), 120)
        self.assertLessEqual(width(on_terminal(200, *words, COLUMNS="60")), 60)
        self.assertLessEqual(width(on_terminal(50, *words, "--width=90")), 90)
        self.assertGreater(width(on_terminal(50, *words, "--width=90")), 50)
        # Who knows nothing says nothing.
        self.assertLessEqual(width(on_terminal(0, *words, COLUMNS="wide")), 100)

    def test_rows(self):
        network = [*chain(120), "--planner=left"]
        table = self.succeed("plan", *network)
        self.assertIn("\nand 87 cheaper steps, ", table)
        self.assertLess(len(table.splitlines()), 80)
        self.assertIn("\nand 114 cheaper steps, ", self.succeed("plan", *network, "--rows=5"))
        self.assertNotIn("cheaper", self.succeed("plan", *network, "--rows=all"))
        self.assertEqual(len(json.loads(self.succeed("plan", *network, "--rows=5", "--json"))["steps"]), 119)

    def test_points(self):
        network = ["pareto", *chain(9), "--gradients=all"]
        whole = json.loads(self.succeed(*network, "--json"))
        count = len(whole["front"])
        self.assertGreater(count, 10)
        self.assertNotIn("left_out", whole)
        some = json.loads(self.succeed(*network, "--json", "--points=5"))
        self.assertEqual((len(some["front"]), some["left_out"]), (5, count - 5))
        self.assertEqual((some["front"][0], some["front"][-1]), (whole["front"][0], whole["front"][-1]))
        for point in some["front"]:
            self.assertIn(point, whole["front"])
        self.assertIn(f"\nand {count - 5} points between them", self.succeed(*network, "--points=5"))
        self.assertNotIn("between them", self.succeed(*network, "--points=all"))
        keep = whole["front"][count // 2]["kept_bytes"]
        picked = json.loads(self.succeed(*network, "--json", "--points=4", f"--keep={keep}"))
        self.assertEqual(picked["front"][picked["picked"]], whole["front"][count // 2])

    def test_refusals(self):
        for option, least in (("width", 40), ("rows", 1)):
            for value in ("0", "-1", "much", "", "1e3", "99999999999"):
                self.assertIn(f"expected --{option} to be all or a number from {least} on, got '{value}'",
                              self.refuse("plan", *LAYER, f"--{option}={value}"))
        self.assertIn("expected --width to be all or a number from 40 on, got '39'", self.refuse("plan", *LAYER, "--width=39"))
        self.assertIn("expected --points to be all or a number from 2 on, got '1'", self.refuse("pareto", *LAYER, "--points=1"))

    def test_values_beyond_128_bits_have_one_unit(self):
        """JSON has the logarithm of picoseconds, the table that of the seconds it shows, and neither has an infinite one."""
        for side, planner in ((1 << 40, "auto"), (1 << 45, "auto"), (1 << 45, "left"), (1 << 62, "auto")):
            network = ["ij,jk,kl->il", *[f"{side}x{side}"] * 3, "--minimize=time", "--planner=" + planner]
            table, plan = self.succeed("plan", *network), self.succeed("plan", *network, "--json")
            self.assertNotRegex(table + plan, r"(?i)\binf|\bnan")
            log2 = json.loads(plan).get("value_log2")
            if log2 is not None:
                self.assertIn(f"about 2^{log2 - 12 * math.log2(10):.2f} s", " ".join(table.split()))

    def test_words(self):
        """A word has one meaning."""
        table = self.succeed("plan", "ij,jk,kl->il", "4x5", "5x6", "6x7")
        self.assertIn("Minimised:  MACs = ", table)
        self.assertIn("Optimized FLOP count:  ", table)
        self.assertNotIn("flops", table)
        self.assertIn("Rebuild, then operand 0:", table)
        self.assertNotIn("convolve", table)
        self.assertIn(" in cache on the target 'cpu'", table)
        self.assertNotIn("in cache", self.succeed("plan", "ij,jk,kl->il", "4x5", "5x6", "6x7", "--target=gpu"))
        self.assertIn("Predicted time:  none, as nothing is multiplied", self.succeed("plan", "ij->ji", "3000x3000"))


if __name__ == "__main__":
    unittest.main()
