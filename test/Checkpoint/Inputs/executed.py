"""Counts the multiplications that a checkpointed training step executes after
LLVM's -O3: as many more than with everything kept as the remark says.

Steps are compiled as scalar loops, because tiles compute some results twice.
Forward and backward function are inlined into one and cleaned up, compiled, and
optimized. Behind every multiplication of the result stands a call that counts
its lanes.

usage: executed.py TOOL MODULE FUNCTION
"""

import re
import sys

from pairs import CLEAN, checkpoint, run, training_step

tool, path, name = sys.argv[1:]
text = open(path).read()

# 1 MiB is more than any buffer of the test has.
MAIN = """
@executed = internal global i64 0
@format = private constant [5 x i8] c"%ld\\0A\\00"
declare i32 @printf(ptr, ...)
declare ptr @aligned_alloc(i64, i64)
define internal void @count(i64 %lanes) noinline {{
  %before = load i64, ptr @executed
  %after = add i64 %before, %lanes
  store i64 %after, ptr @executed
  ret void
}}
define i32 @main() {{
{buffers}
  call void @training_step({arguments})
  %count = load i64, ptr @executed
  call i32 (ptr, ...) @printf(ptr @format, i64 %count)
  ret i32 0
}}
"""


def with_counters(code):
    lines = []
    for line in code.splitlines():
        lines.append(line)
        multiplied = re.search(r" = (?:tail )?(?:fmul|call) .*?(?:<(\d+) x float>|float)", line)
        if multiplied and re.search(r"fmul|@llvm\.(fmuladd|fma)\.", line):
            lines.append(f"  call void @count(i64 {multiplied[1] or 1})")
    return "\n".join(lines)


def executed(module):
    step = run(tool, training_step(module, name), *CLEAN)[0]
    lowered = run(tool, step, "--pass-pipeline=builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu{cpu=x86-64 min-vector-work=1000000})")[0]
    code = run("mlir-translate", lowered, "--mlir-to-llvmir")[0]
    code = run("opt", code, "-O3", "-S")[0]
    taken = re.search(r"llvm\.func @training_step\(.*", lowered)[0].count("!llvm.ptr")
    buffers = [f"  %b{k} = call ptr @aligned_alloc(i64 64, i64 1048576)" for k in range(taken)]
    main = MAIN.format(buffers="\n".join(buffers), arguments=", ".join(f"ptr %b{k}" for k in range(taken)))
    return int(run("lli", with_counters(code) + main)[0])


everything = executed(checkpoint(tool, text, "max")[0])
for budget in ("60%", "30%", "min"):
    module, figures = checkpoint(tool, text, budget)
    more, expected = executed(module) - everything, figures["recomputed-macs"]
    if more != expected or expected == 0:
        sys.exit(f"budget {budget}: expected {expected} more multiplications than {everything}, got {more}")
    print(f"{expected} recomputed, {everything} else")
