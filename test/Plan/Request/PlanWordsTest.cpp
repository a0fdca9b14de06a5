//===- PlanWordsTest.cpp - The words in which plans are asked for ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows of the table agree with themselves, with the defaults of a request
// and with what readers refuse.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanWords.h"
#include "Equation/TestSupport.h"

using namespace conveinsum;
using llvm::StringRef;

static bool read(StringRef name, StringRef text, PlanRequest &request) {
  Caught caught;
  bool isRead = readPlanWord(name, name, text, 3, request, caught);
  EXPECT_EQ(caught.count, isRead ? 0u : 1u);
  return isRead;
}

static std::string refusalOf(StringRef name, StringRef text) {
  PlanRequest request;
  Caught caught;
  EXPECT_FALSE(
      readPlanWord(name, ("--" + name).str(), text, 3, request, caught));
  return caught.diagnostic ? caught.diagnostic->message : "";
}

TEST(PlanWords, ChoicesAndStandardsAreRead) {
  for (const PlanWord &word : planWords()) {
    SCOPED_TRACE(word.name.str());
    EXPECT_EQ(&planWord(word.name), &word);
    if (!word.attribute.empty())
      EXPECT_EQ(findPlanAttribute(word.attribute), &word);
    llvm::SmallVector<StringRef> choices;
    word.choices.split(choices, ' ', -1, /*KeepEmpty=*/false);
    for (StringRef choice : choices) {
      PlanRequest request;
      if (choice != "FILE")
        EXPECT_TRUE(read(word.name, choice, request)) << choice.str();
    }
  }
  EXPECT_EQ(findPlanAttribute("conveinsum.keep"), nullptr);
}

TEST(PlanWords, AStandardIsWhatARequestSaysAnyway) {
  PlanRequest request;
  request.options.planner = PlannerKind::Left;
  request.options.goal.objective =
      Objective(ObjectiveKind::Peak, 0, MacCount::Dense);
  request.options.goal.target = TargetModel::gpu();
  for (const PlanWord &word : planWords())
    if (!word.standard.empty())
      EXPECT_TRUE(read(word.name, word.standard, request)) << word.name.str();
  PlannerOptions standard;
  EXPECT_EQ(request.options.planner, standard.planner);
  EXPECT_TRUE(request.options.goal.objective == standard.goal.objective);
  EXPECT_EQ(request.options.goal.target.name, standard.goal.target.name);
}

TEST(PlanWords, SetWhatTheySay) {
  PlanRequest request;
  // In either order, the objective keeps the count.
  EXPECT_TRUE(read("count", "dense", request) &&
              read("minimize", "combo-8", request));
  EXPECT_TRUE(request.options.goal.objective ==
              Objective(ObjectiveKind::Combo, 8, MacCount::Dense));
  EXPECT_TRUE(read("gradients", "2,0", request));
  EXPECT_EQ(request.options.goal.gradients,
            (llvm::SmallVector<unsigned, 4>{0, 2}));
  EXPECT_TRUE(read("gradients", "all", request));
  EXPECT_EQ(request.options.goal.gradients.size(), 3u);
  EXPECT_TRUE(read("constants", "1", request));
  EXPECT_EQ(request.options.goal.constants,
            (llvm::SmallVector<unsigned, 4>{1}));
  EXPECT_TRUE(read("budget", "100moves", request));
  EXPECT_EQ(request.options.budget.moves, 100u);
  EXPECT_TRUE(read("memory-limit", "2KiB", request));
  EXPECT_EQ(request.memoryLimit, 2048u);
  EXPECT_TRUE(read("keep", "0", request));
  EXPECT_EQ(request.keepLimit, 0u);
  EXPECT_TRUE(read("slice", "", request) && request.slices);
}

TEST(PlanWords, RefusalsNameWhoSaidItAndWhatIsExpected) {
  EXPECT_EQ(refusalOf("planner", "best"),
            "expected --planner to be auto, exact, anneal, greedy, left or "
            "rebuild, got 'best'");
  EXPECT_EQ(refusalOf("count", ""),
            "expected --count to be exact or dense, got ''");
  EXPECT_EQ(refusalOf("constants", "all"),
            "expected --constants to be operand positions such as 0,2, got "
            "'all'");
  EXPECT_EQ(refusalOf("gradients", "0,x"),
            "expected --gradients to be operand positions such as 0,2 or all, "
            "got '0,x'");
  EXPECT_EQ(refusalOf("keep", "much"),
            "expected --keep to be a size such as 2GiB, got 'much'");
  EXPECT_EQ(refusalOf("target", "no/such/file"),
            "expected --target to be cpu, gpu or a JSON file; cannot read "
            "'no/such/file': No such file or directory");
}

TEST(PlanWords, PartsOfARequestMustSayOneThing) {
  auto refusal = [](const PlanRequest &request, StringRef prefix) {
    Caught caught;
    EXPECT_FALSE(verifyRequest(request, prefix, caught));
    return caught.diagnostic ? caught.diagnostic->message : "";
  };
  PlanRequest slices;
  slices.slices = true;
  EXPECT_EQ(refusal(slices, "--"),
            "expected --memory-limit beside --slice, got none");
  slices.memoryLimit = 1;
  slices.pinned = ContractionTree::leftToRight(3);
  EXPECT_EQ(refusal(slices, "--"), "expected no pinned order beside --slice");
  PlanRequest keeps;
  keeps.keepLimit = 1;
  EXPECT_EQ(refusal(keeps, ""),
            "expected operands that need a gradient beside keep, got none");
  keeps.options.goal.gradients = {0};
  keeps.options.goal.objective = ObjectiveKind::Time;
  EXPECT_EQ(refusal(keeps, ""),
            "expected minimize to be flops beside keep, got 'time'");
  keeps.memoryLimit = 1;
  EXPECT_EQ(refusal(keeps, ""),
            "expected one of keep and memory-limit, got both");
}
