// What a plan of its own can get wrong; what it can get wrong about an einsum is
// in plan_attribute_op_errors.mlir.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected a value of at least 0, got -1 [C90]}}
#negative = #conveinsum.plan<[(0,-1)]>

// -----

// expected-error@+1 {{expected a value below 2147483648, got 2147483648 [C90]}}
#large = #conveinsum.plan<[(0,2147483648)]>

// -----

// expected-error@+1 {{expected an SSA number below 3 in step 0, got 3 [C90]}}
#undefined = #conveinsum.plan<[(0,3), (1,2)]>

// -----

// expected-error@+1 {{expected every value once, got operand 0 again in step 1 [C90]}}
#twice = #conveinsum.plan<[(0,1), (0,3)]>

// -----

// expected-error@+1 {{expected '('}}
#pair = #conveinsum.plan<[0, 1]>

// -----

// expected-error@+1 {{expected '['}}
#keep = #conveinsum.plan<((0,1),2) keep 3>

// -----

// expected-error@+1 {{expected a value of at least 0, got -3 [C93]}}
#keep = #conveinsum.plan<((0,1),2) keep [-3]>

// -----

// expected-error@+1 {{expected kept values to be results of steps, from 3 to 4, got 2 [C93]}}
#operand = #conveinsum.plan<((0,1),2) keep [2]>

// -----

// expected-error@+1 {{expected kept values in ascending order, got 5 before 4 [C93]}}
#order = #conveinsum.plan<(((0,1),2),3) keep [5, 4]>

// -----

// expected-error@+1 {{expected kept values before the result of the last step, got 4 [C93]}}
#last = #conveinsum.plan<((0,1),2) keep [4]>

// -----

// expected-error@+1 {{expected '['}}
#group = #conveinsum.plan<((0,1),2) group>

// -----

// expected-error@+1 {{expected a value below 2147483648, got 2147483648 [C93]}}
#group = #conveinsum.plan<((0,1),2) group [2147483648]>

// -----

// expected-error@+1 {{expected the members of a group to be results of steps, from 3 to 4, got 5 [C93]}}
#member = #conveinsum.plan<((0,1),2) group [4, 5]>

// -----

// expected-error@+1 {{expected a group of at least two steps, got 1 [C93]}}
#single = #conveinsum.plan<((0,1),2) group [4]>

// -----

// expected-error@+1 {{expected every step in one group at most, got 5 in two [C93]}}
#shared = #conveinsum.plan<(((0,1),2),3) group [4, 5] [5, 6]>

// -----

// expected-error@+1 {{expected groups in the order of their first steps, got 6 before 5 [C93]}}
#groups = #conveinsum.plan<((((0,1),2),3),4) group [6, 8] [5, 7]>

// -----

// expected-error@+1 {{expected the result 4 to be read in its group, got step 6 as its reader [C93]}}
#reader = #conveinsum.plan<[(0,1), (2,3), (4,5)] group [4, 5]>

// -----

// expected-error@+1 {{expected a kept value that is written to memory, got 4 inside a group [C93]}}
#inner = #conveinsum.plan<(((0,1),2),3) keep [4] group [4, 5]>

// -----

// expected-error@+1 {{expected 'm' with the number of a mode, got 'h' [C94]}}
#label = #conveinsum.plan<((0,1),2) slice [h: 3]>

// -----

// expected-error@+1 {{expected a sliced mode below 2147483648, got 2147483648 [C94]}}
#mode = #conveinsum.plan<((0,1),2) slice [m2147483648: 3]>

// -----

// expected-error@+1 {{expected an operand below 3 to be cut, got i3 [C94]}}
#cut = #conveinsum.plan<((0,1),2) slice [m0: 3 of i3]>

// -----

// expected-error@+1 {{expected '>'}}
#order = #conveinsum.plan<((0,1),2) group [3, 4] keep [3]>
