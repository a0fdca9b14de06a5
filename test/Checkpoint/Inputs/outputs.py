"""Runs a training step with what differentiation keeps and within budgets: the
numbers are the same, bit by bit.

usage: outputs.py TOOL MODULE FUNCTION BUDGET...
"""

import re
import sys

from pairs import CLEAN, checkpoint, run, training_step

tool, path, name, budgets = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
text = open(path).read()

# Entry i of buffer k is (7 i + 3 k + i / 4) % 5 - 2.
MAIN = """
@format = private constant [5 x i8] c"%x \\0A\\00"
declare i32 @printf(ptr, ...)
declare ptr @aligned_alloc(i64, i64)
define internal void @fill(ptr %to, i64 %n, i64 %k) {{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %a = mul i64 %i, 7
  %b = mul i64 %k, 3
  %c = udiv i64 %i, 4
  %d = add i64 %a, %b
  %e = add i64 %d, %c
  %f = urem i64 %e, 5
  %g = sub i64 %f, 2
  %h = sitofp i64 %g to float
  %at = getelementptr float, ptr %to, i64 %i
  store float %h, ptr %at
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}}
define internal void @print(ptr %from, i64 %n) {{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %at = getelementptr i32, ptr %from, i64 %i
  %bits = load i32, ptr %at
  call i32 (ptr, ...) @printf(ptr @format, i32 %bits)
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}}
define i32 @main() {{
{body}
  ret i32 0
}}
"""


def sizes(types):
    found = []
    for shape in re.findall(r"tensor<([0-9x]*)f32>", types):
        size = 1
        for extent in filter(None, shape.split("x")):
            size *= int(extent)
        found.append(size)
    return found


def outputs(module):
    step = run(tool, training_step(module, name), *CLEAN)[0]
    taken, returned = re.search(r"func\.func @training_step\((.*)\) -> (.*) \{", step).groups()
    taken, returned = sizes(taken), sizes(returned)
    lowered = run(tool, step, "--pass-pipeline=builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu)")[0]
    code = run("mlir-translate", lowered, "--mlir-to-llvmir")[0]
    # The workspace is the last; 1 MiB is more than the test needs.
    buffers = taken + returned + [1 << 18]
    body = [f"  %b{k} = call ptr @aligned_alloc(i64 64, i64 {(4 * size + 63) // 64 * 64})"
            for k, size in enumerate(buffers)]
    body += [f"  call void @fill(ptr %b{k}, i64 {size}, i64 {k})" for k, size in enumerate(taken)]
    body.append(f"  call void @training_step({', '.join(f'ptr %b{k}' for k in range(len(buffers)))})")
    body += [f"  call void @print(ptr %b{len(taken) + k}, i64 {size})" for k, size in enumerate(returned)]
    return run("lli", code + MAIN.format(body="\n".join(body)))[0].split()


expected = outputs(text)
for budget in budgets:
    module, figures = checkpoint(tool, text, budget)
    if outputs(module) != expected:
        sys.exit(f"budget {budget}: the numbers differ")
    print(f"{figures['kept-bytes']} bytes kept: {len(expected)} numbers, {len(set(expected))} different")
