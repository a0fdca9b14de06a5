// Options are read before anything runs, in the words of the command.
// RUN: not conveinsum-opt %s --conveinsum-plan=minimize=speed 2>&1 | FileCheck %s --check-prefix=MINIMIZE
// RUN: not conveinsum-opt %s --conveinsum-plan=minimize=combo 2>&1 | FileCheck %s --check-prefix=WEIGHT
// RUN: not conveinsum-opt %s --conveinsum-plan=target=tpu 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: echo '{"name": 3}' > %t.json
// RUN: not conveinsum-opt %s --conveinsum-plan=target=%t.json 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: not conveinsum-opt %s --conveinsum-plan=budget=soon 2>&1 | FileCheck %s --check-prefix=BUDGET
// RUN: not conveinsum-opt %s --conveinsum-plan=planner=best 2>&1 | FileCheck %s --check-prefix=PLANNER
// RUN: not conveinsum-opt %s --conveinsum-plan=count=some 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not conveinsum-opt %s --conveinsum-plan=gradients=some 2>&1 | FileCheck %s --check-prefix=GRADIENTS
// RUN: not conveinsum-opt %s --conveinsum-plan=constants=all 2>&1 | FileCheck %s --check-prefix=CONSTANTS
// RUN: not conveinsum-opt %s --conveinsum-plan=keep=some 2>&1 | FileCheck %s --check-prefix=KEEP

// MINIMIZE: error: expected minimize to be flops, size, write, combo-K, roof-F, time or peak, got 'speed'
// WEIGHT: error: expected minimize to be flops, size, write, combo-K, roof-F, time or peak, got 'combo'
// TARGET: error: expected target to be cpu, gpu or a JSON file; cannot read 'tpu': No such file or directory
// FILE: error: {{.*}} (in '{{.*}}.json')
// BUDGET: error: expected budget to be a time or a number of moves such as 10ms, 1.5s or 20000moves, got 'soon'
// PLANNER: error: expected planner to be auto, exact, anneal, greedy, left or rebuild, got 'best'
// COUNT: error: expected count to be exact or dense, got 'some'
// GRADIENTS: error: expected gradients to be operand positions such as 0,2 or all, got 'some'
// CONSTANTS: error: expected constants to be operand positions such as 0,2, got 'all'
// KEEP: error: expected keep to be a size such as 2GiB, got 'some'
module {}
