#include "PlanTestSupport.h"
#include "conveinsum/Plan/Training.h"
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
