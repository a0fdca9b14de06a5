#include "PlanTestSupport.h"
#include "conveinsum/Plan/Training.h"
#include "RandomEquation.h"
#include <chrono>
using namespace conveinsum;
namespace json = llvm::json;
TEST(Scratch, Times) {
  json::Value file = readDataFile("networks.json");
  unsigned lim = getenv("LIM") ? atoi(getenv("LIM")) : 10;
  unsigned low = getenv("LOW") ? atoi(getenv("LOW")) : 0;
  for (auto &value : *file.getAsObject()->getArray("networks")) {
    auto &entry = *value.getAsObject();
    if (*entry.getInteger("n") > lim || *entry.getInteger("n") < low) continue;
    Equation eq = equationOf(entry);
    PlanGoal goal;
    for (unsigned i = 0; i < eq.numOperands(); ++i) goal.gradients.push_back(i);
    if (getenv("FROZEN")) goal.gradients.erase(goal.gradients.begin());
    Caught caught;
    auto t0 = std::chrono::steady_clock::now();
    auto f = jointFront(eq, goal, {}, caught);
    double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
    printf("%s n=%u points=%zu %.3f ms", entry.getString("name")->str().c_str(), eq.numOperands(), f->points.size(), s * 1e3);
    if (auto *tf = entry.getArray("train_front")) {
      bool ok = tf->size() == f->points.size();
      for (size_t i = 0; ok && i < tf->size(); ++i) {
        auto &p = *(*tf)[i].getAsArray();
        ok = digits(p[0]) == toString(f->points[i].kept) && digits(p[1]) == toString(f->points[i].macs);
      }
      printf(" %s", ok ? "OK" : "DIFFERS");
    }
    printf("\n");
    fflush(stdout);
  }
}
TEST(Scratch, Big) {
  constexpr unsigned operands = 300;
  std::string text; std::vector<Shape> shapes; SplitMix64 random(5); int64_t rows = 7;
  for (unsigned operand = 0; operand < operands; ++operand) {
    text += std::string(operand == 0 ? "" : ",") + "(m" + std::to_string(operand) + ")(m" + std::to_string(operand+1) + ")";
    int64_t columns = random.between(5, 60); shapes.push_back({rows, columns}); rows = columns;
  }
  Equation equation = makeEquation(text + "->(m0)(m300)", shapes);
  std::vector<ContractionTree::Step> steps; std::vector<unsigned> level(operands); std::iota(level.begin(), level.end(), 0u);
  while (level.size() > 1) { std::vector<unsigned> above;
    for (size_t i = 0; i + 1 < level.size(); i += 2) { steps.push_back({level[i], level[i+1]}); above.push_back(operands + unsigned(steps.size()) - 1); }
    if (level.size() % 2) above.push_back(level.back()); level = above; }
  PlanGoal goal; for (unsigned i = 0; i < operands; ++i) goal.gradients.push_back(i);
  std::vector<ContractionTree> trees{ContractionTree::leftToRight(operands), ContractionTree(operands, steps)};
  for (int r = 0; r < 2; ++r) { 
    std::vector<ContractionTree::Step> st; std::vector<unsigned> vals(operands); std::iota(vals.begin(), vals.end(), 0u);
    while (vals.size() > 1) { size_t i = random.between(0, vals.size()-2); st.push_back({vals[i], vals[i+1]}); vals[i] = operands + st.size() - 1; vals.erase(vals.begin()+i+1);} 
    trees.push_back(ContractionTree(operands, st)); }
  for (unsigned cap : {256u, 1024u, 2048u, 4096u}) for (auto &tree : trees) {
    TrainingOptions o; o.maxPoints = cap; Caught c; auto t0 = std::chrono::steady_clock::now();
    auto f = treeFront(equation, tree, goal, o, c);
    double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
    printf("cap %u points %zu error %.4f%% range %.2f%% %.1f ms\n", cap, f->points.size(), 100.0*double(f->error)/double(f->points.back().macs), 100.0*(double(f->points[0].macs)/double(f->points.back().macs)-1), s*1e3);
  }
}
TEST(Scratch, Stress) {
  SplitMix64 random(getenv("SEED") ? atoi(getenv("SEED")) : 1);
  unsigned n = atoi(getenv("N"));
  for (int round = 0; round < 12; ++round) {
    unsigned reg = 2 + round % 4;
    unsigned modes = n * reg / 2;
    std::vector<std::string> parts(n); std::vector<Shape> shapes(n); std::string result;
    for (unsigned m = 0; m < modes; ++m) {
      std::string label = "(m" + std::to_string(m) + ")"; int64_t size = random.between(2, 97);
      unsigned a = m < n ? m : random.between(0, n-1), b; do b = random.between(0, n-1); while (b == a);
      if (m < n && m > 0) b = random.between(0, m - 1);
      for (unsigned o : {a, b}) { parts[o] += label; shapes[o].push_back(size); }
      if (random.oneIn(6)) result += label;
    }
    std::string text; for (unsigned i = 0; i < n; ++i) text += (i ? "," : "") + parts[i];
    Equation eq = makeEquation(text + "->" + result, shapes);
    for (int mask = 0; mask < 4; ++mask) {
      PlanGoal goal; for (unsigned i = 0; i < n; ++i) if (mask == 0 || (mask == 1 && i > 0) || (mask == 2 && i == n/2) || (mask == 3 && random.oneIn(2))) goal.gradients.push_back(i);
      Caught c; auto t0 = std::chrono::steady_clock::now();
      auto f = jointFront(eq, goal, {}, c);
      double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
      printf("reg %u mask %d points %zu exact %d error %.4f%% %.1f ms\n", reg, mask, f->points.size(), f->exact, 100.0*double(f->error)/double(f->points.back().macs), s*1e3);
    }
  }
}
