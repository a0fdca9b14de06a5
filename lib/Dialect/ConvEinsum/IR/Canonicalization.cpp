#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/IR/PatternMatch.h"
using namespace mlir;
using namespace conveinsum;
void EinsumOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {}
