// The check never crashes, whatever the bytes, and what it lets through is whole.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/policy/notice.h"
#include "rules/policy/policy.h"
#include "rules/policy/utf8.h"

namespace hallwarden::policy {
namespace {

// 8 parts of 2,500: 20,000 mutations, run side by side.
constexpr std::uint32_t kSeed = 20261122;
constexpr std::uint32_t kParts = 8;
constexpr int kMutations = 2'500;

class Mutator {
 public:
  Mutator(std::string_view text, std::uint32_t seed) : original_(text), random_(seed) {}

  std::string Next() {
    std::string text = original_;
    for (std::size_t i = 1 + Below(3); i > 0; --i)
      Mutate(&text);
    return text;
  }

 private:
  std::size_t Below(std::size_t end) { return random_() % end; }

  void Mutate(std::string* text) {
    static constexpr std::string_view kPieces[] = {"{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   "<",
                                                   ">",
                                                   "\"",
                                                   "'",
                                                   ":",
                                                   ";",
                                                   "#",
                                                   "\n",
                                                   "\\",
                                                   "0",
                                                   "-1",
                                                   "true",
                                                   "{ ",
                                                   "term {",
                                                   "\xFF",
                                                   "\xE7\x8E",
                                                   "{until}",
                                                   "{day",
                                                   "permanent: true",
                                                   "seconds: 0",
                                                   "[a/b]: ",
                                                   "1e999",
                                                   "MODE_ENFORCE",
                                                   "rules {",
                                                   "\\377",
                                                   "\\u4e00",
                                                   "99999999999999999999"};
    const std::size_t at = Below(text->size());
    switch (Below(5)) {
      case 0:
        text->erase(at, 1 + Below(40));
        break;
      case 1:
        (*text)[at] = static_cast<char>(Below(256));
        break;
      case 2:
        text->insert(at, kPieces[Below(std::size(kPieces))]);
        break;
      case 3:
        text->insert(at, text->substr(Below(text->size()), Below(200)));
        break;
      default:
        text->replace(at, Below(20), kPieces[Below(std::size(kPieces))]);
        break;
    }
  }

  std::string original_;
  std::mt19937 random_;
};

// A policy that passed must be usable in every corner.
void UseEverything(const CompiledPolicy& policy) {
  NoticeContext context;
  context.account = "a";
  for (const Ladder& ladder : policy.ladders()) {
    ASSERT_FALSE(ladder.rungs.empty());
    for (const Rung& rung : ladder.rungs) {
      ASSERT_NE(rung.notice, nullptr);
      ASSERT_EQ(rung.kind == RungKind::kTerm, rung.term_us > 0);
      ASSERT_EQ(rung.kind == RungKind::kPermanent, rung.source->permanent());
      ASSERT_EQ(rung.kind == RungKind::kWarning, rung.capabilities == 0);
      ASSERT_EQ(FirstBadByte(Render(policy, *rung.notice, context).zh()), std::string::npos);
    }
  }
  for (const Rule& rule : policy.rules()) {
    ASSERT_TRUE(rule.action != v1::ACTION_LADDER || rule.ladder != nullptr);
    if (rule.action != v1::ACTION_HOLD) continue;
    ASSERT_NE(rule.hold_notice, nullptr);
    ASSERT_GT(rule.hold_term_us, 0);
    ASSERT_NE(rule.hold_capabilities, 0);
  }
  ASSERT_NE(&policy.OffenceText(v1::OFFENCE_NAME, v1::TEXT_CATEGORY_PORN), nullptr);
  ASSERT_NE(&policy.GameText(""), nullptr);
}

class MutationTest : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(MutationTest, EveryMutationIsCheckedToTheEnd) {
  SCOPED_TRACE("seed=" + std::to_string(GetParam()));
  Mutator mutator(DefaultPolicyText(), GetParam());
  int passed = 0;
  for (int i = 0; i < kMutations; ++i) {
    SCOPED_TRACE("mutation " + std::to_string(i));
    const CompileResult result = Compile(mutator.Next(), "hall", "00");
    bool fatal = false;
    for (const v1::Diagnostic& diagnostic : result.diagnostics) {
      fatal = fatal || diagnostic.fatal();
      ASSERT_GE(diagnostic.line(), 1);
      ASSERT_GE(diagnostic.column(), 1);
      ASSERT_EQ(FirstBadByte(diagnostic.reason()), std::string::npos);
      ASSERT_EQ(FirstBadByte(diagnostic.hint()), std::string::npos);
    }
    ASSERT_EQ(result.policy == nullptr, fatal);
    if (result.policy == nullptr) continue;
    ++passed;
    UseEverything(*result.policy);
    if (HasFatalFailure()) return;
  }
  // Mutations of comments and of words pass; if none did, nothing behind the parser was tried.
  EXPECT_GT(passed, kMutations / 50);
  EXPECT_LT(passed, kMutations);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MutationTest, ::testing::Range(kSeed, kSeed + kParts));

}  // namespace
}  // namespace hallwarden::policy
