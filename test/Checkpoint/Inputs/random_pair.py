"""Prints a random forward function and a backward function that reads some of
its values in random order: steps, elementwise ops, views, constants, ops of
several results, pins.

usage: random_pair.py SEED
"""

import random
import sys

rng = random.Random(int(sys.argv[1]))
T = "tensor<4x4xf32>"
MAP = "affine_map<(i, j) -> (i, j)>"


class Body:
    def __init__(self, values):
        self.values, self.lines, self.pins = list(values), [], rng.random() < 0.3

    def pick(self):
        return rng.choice(self.values[-6:] if rng.random() < 0.7 else self.values)

    def emit(self, name, text, pinnable=True):
        pin = ""
        if self.pins and pinnable and rng.random() < 0.15:
            pin = rng.choice([" {conveinsum.keep}", " {conveinsum.recompute}"])
        self.lines.append(f"  {name} = {text.replace('{}', pin)}")
        return name

    def add(self, name):
        a, b = self.pick(), self.pick()
        kind = rng.randrange(7)
        if kind < 2:
            self.emit(name, f'conveinsum.einsum "ij,jk->ik" ins({a}, {b} : {T}, {T}){{}} : {T}')
        elif kind == 2:
            self.emit(name, f"arith.mulf {a}, {b}{{}} : {T}")
        elif kind == 3:
            self.emit(name, f"math.{rng.choice(['sin', 'exp', 'tanh'])} {a}{{}} : {T}")
        elif kind == 4:
            flat = self.emit(f"{name}f", f"tensor.collapse_shape {a} [[0, 1]] : {T} into tensor<16xf32>", False)
            sine = self.emit(f"{name}s", f"math.cos {flat} : tensor<16xf32>", False)
            self.emit(name, f"tensor.expand_shape {sine} [[0, 1]] output_shape [4, 4] : tensor<16xf32> into {T}", False)
        elif kind == 5:
            one = self.emit(f"{name}c", f"arith.constant dense<{rng.randrange(1, 4)}.0> : {T}", False)
            self.emit(name, f"arith.addf {a}, {one}{{}} : {T}")
        else:
            empty = self.emit(f"{name}e", f"tensor.empty() : {T}", False)
            self.emit(f"{name}g:2", f"""linalg.generic {{indexing_maps = [{MAP}, {MAP}, {MAP}], iterator_types = ["parallel", "parallel"]}}
         ins({a} : {T}) outs({empty}, {empty} : {T}, {T}) {{
  ^bb0(%i: f32, %o: f32, %p: f32):
    %sin = math.sin %i : f32
    %cos = math.cos %i : f32
    linalg.yield %sin, %cos : f32, f32
  }} -> ({T}, {T})""", False)
            self.values.append(f"{name}g#1")
            name = f"{name}g#0"
        self.values.append(name)


arguments = ["%x", "%w"]
forward = Body(arguments)
for k in range(rng.randrange(3, 25)):
    forward.add(f"%v{k}")
made = forward.values[2:]
kept = [rng.choice(made + arguments) if rng.random() < 0.1 else v for v in made if rng.random() < 0.6] or made[-1:]
backward = Body(arguments + ["%g"] + [f"%k{n}" for n in range(len(kept))])
backward.pins = False
rng.shuffle(backward.values)
for k in range(rng.randrange(3, 25)):
    backward.add(f"%v{k}")
gradients = [backward.values[-1], backward.pick(), backward.values[-2]]

taken = ", ".join(f"{name}: {T}" for name in arguments)
role = T + ' {conveinsum.role = "kept"}'
print(f"func.func @net_forward({taken}) -> ({', '.join([T] + [role] * len(kept))})")
print('    attributes {conveinsum.backward = @net_backward, conveinsum.packs = ["kept"]} {')
print("\n".join(forward.lines))
print(f"  return {', '.join([made[-1]] + kept)} : {', '.join([T] * (1 + len(kept)))}\n}}")
print(f'func.func @net_backward({taken}, %g: {T} {{conveinsum.role = "cotangent"}}, '
      + ", ".join(f"%k{n}: {role}" for n in range(len(kept))) + ")")
print(f"    -> ({', '.join([T] * 3)}) attributes {{conveinsum.forward = @net_forward, conveinsum.packs = [\"kept\"]}} {{")
print("\n".join(backward.lines))
print(f"  return {', '.join(gradients)} : {T}, {T}, {T}\n}}")
