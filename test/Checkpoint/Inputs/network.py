"""Prints a network of LAYERS mixed layers as a function that is to be
differentiated: TNN layers, convolutions, matrices, relus between them, a skip
every third layer.

usage: network.py LAYERS [NAME]
"""

import random
import sys

count = int(sys.argv[1])
name = sys.argv[2] if len(sys.argv) > 2 else "net"
rng = random.Random(1)
B, H = 2, 12

arguments = [f"%x: tensor<{B}x6x{H}xf32>"]
body = []


def parameter(shape):
    label = f"%w{len(arguments)}"
    arguments.append(f"{label}: tensor<{shape}xf32> {{conveinsum.gradient}}")
    return label, f"tensor<{shape}xf32>"


value, channels = "%x", 6
skips = []
for layer in range(count):
    out = rng.choice([4, 6, 8, 12])
    before, after = f"tensor<{B}x{channels}x{H}xf32>", f"tensor<{B}x{out}x{H}xf32>"
    kind = layer % 4
    result = f"%l{layer}"
    if kind == 0:  # a CP layer
        rank = rng.choice([3, 5])
        (s, st), (h, ht), (t, tt) = (parameter(x) for x in (f"{rank}x{channels}", f"{rank}x3", f"{out}x{rank}"))
        body.append(f'{result} = conveinsum.einsum "bsh,rs,rh,tr->bth|h" ins({value}, {s}, {h}, {t} : '
                    f"{before}, {st}, {ht}, {tt}) : {after}")
    elif kind == 1:  # a convolution
        w, wt = parameter(f"{out}x{channels}x3")
        body.append(f'{result} = conveinsum.einsum "bsh,tsh->bth|h" ins({value}, {w} : {before}, {wt}) : {after}')
    elif kind == 2:  # a matrix of two factors
        (a, at), (b, bt) = (parameter(x) for x in (f"{channels}x7", f"7x{out}"))
        body.append(f'{result} = conveinsum.einsum "bsh,sr,rt->bth" ins({value}, {a}, {b} : {before}, {at}, {bt}) : {after}')
    else:  # a sum of two
        (a, at), (b, bt) = (parameter(f"{out}x{channels}") for _ in range(2))
        for part, (w, wt) in enumerate(((a, at), (b, bt))):
            body.append(f'{result}p{part} = conveinsum.einsum "bsh,ts->bth" ins({value}, {w} : {before}, {wt}) : {after}')
        body.append(f"{result}t = math.tanh {result}p1 : {after}")
        body.append(f"{result} = arith.addf {result}p0, {result}t : {after}")
    if layer % 3 == 2:
        match = [v for v, c in skips if c == out]
        if match:
            body.append(f"{result}s = arith.addf {result}, {match[-1]} : {after}")
            result += "s"
    if layer + 1 == count:
        value, channels = result, out
        break
    body.append(f"%z{layer} = arith.constant dense<0.0> : {after}")
    body.append(f"%r{layer} = arith.maximumf {result}, %z{layer} : {after}")
    value, channels = f"%r{layer}", out
    skips.append((value, channels))

result = f"tensor<{B}x{channels}x{H}xf32>"
print(f"func.func @{name}({', '.join(arguments)}) -> {result} {{")
print("\n".join("  " + line for line in body))
print(f"  return {value} : {result}\n}}")
