// Options that are words are read before anything runs.
// RUN: not conveinsum-opt %s --conveinsum-plan=minimize=speed 2>&1 | FileCheck %s --check-prefix=MINIMIZE
// RUN: not conveinsum-opt %s --conveinsum-plan=minimize=combo 2>&1 | FileCheck %s --check-prefix=WEIGHT
// RUN: not conveinsum-opt %s --conveinsum-plan=target=tpu 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not conveinsum-opt %s --conveinsum-plan=budget=soon 2>&1 | FileCheck %s --check-prefix=BUDGET
// RUN: not conveinsum-opt %s --conveinsum-plan=planner=best 2>&1 | FileCheck %s --check-prefix=PLANNER

// MINIMIZE: error: expected minimize to be flops, size, write, combo-K, roof-F, time or peak, got 'speed'
// WEIGHT: error: expected minimize to be flops, size, write, combo-K, roof-F, time or peak, got 'combo'
// TARGET: error: expected target to be cpu or gpu, got 'tpu'
// BUDGET: error: expected budget to be a time or a number of moves such as 10ms, 1.5s or 20000moves, got 'soon'
// PLANNER: Cannot find option named 'best'
module {}
