"""Prints a chain of matrices with a pinned plan from left to right."""

import sys

count = int(sys.argv[1])
labels = ", ".join(f"m{k} m{k + 1}" for k in range(count))
plan = "(" * (count - 1) + "0" + "".join(f",{k})" for k in range(1, count))
operands = ", ".join(["%x"] * count)
types = ", ".join(["tensor<2x2xf32>"] * count)
print("func.func @chain(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {")
print(f'  %y = conveinsum.einsum "{labels} -> m0 m{count}" ins({operands} : {types})')
print(f"         plan {plan} : tensor<2x2xf32>")
print("  return %y : tensor<2x2xf32>")
print("}")
