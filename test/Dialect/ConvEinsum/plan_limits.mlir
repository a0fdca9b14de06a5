// The exact planner takes 64 operands, here are 65; the default takes any number.
// RUN: not conveinsum-opt %s --conveinsum-plan=planner=exact 2>&1 | FileCheck %s --check-prefix=EXACT
// RUN: conveinsum-opt %s --conveinsum-plan=budget=10000moves | FileCheck %s --check-prefix=AUTO
// RUN: conveinsum-opt %s --conveinsum-plan=planner=greedy | FileCheck %s --check-prefix=AUTO

// EXACT: error: 'conveinsum.einsum' op cannot be planned: expected at most 64 operands for the planner 'exact', got 65
// AUTO: plan (
func.func @many(%a: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = conveinsum.einsum "(m0)(m1),(m1)(m2),(m2)(m3),(m3)(m4),(m4)(m5),(m5)(m6),(m6)(m7),(m7)(m8),(m8)(m9),(m9)(m10),(m10)(m11),(m11)(m12),(m12)(m13),(m13)(m14),(m14)(m15),(m15)(m16),(m16)(m17),(m17)(m18),(m18)(m19),(m19)(m20),(m20)(m21),(m21)(m22),(m22)(m23),(m23)(m24),(m24)(m25),(m25)(m26),(m26)(m27),(m27)(m28),(m28)(m29),(m29)(m30),(m30)(m31),(m31)(m32),(m32)(m33),(m33)(m34),(m34)(m35),(m35)(m36),(m36)(m37),(m37)(m38),(m38)(m39),(m39)(m40),(m40)(m41),(m41)(m42),(m42)(m43),(m43)(m44),(m44)(m45),(m45)(m46),(m46)(m47),(m47)(m48),(m48)(m49),(m49)(m50),(m50)(m51),(m51)(m52),(m52)(m53),(m53)(m54),(m54)(m55),(m55)(m56),(m56)(m57),(m57)(m58),(m58)(m59),(m59)(m60),(m60)(m61),(m61)(m62),(m62)(m63),(m63)(m64),(m64)(m65)->(m0)(m65)"
         ins(%a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a,
             %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a,
             %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a,
             %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a,
             %a, %a, %a, %a, %a, %a, %a, %a, %a
             : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
               tensor<2x2xf32>)
         : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
