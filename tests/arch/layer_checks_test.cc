#include "tests/arch/layer_checks.h"

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::arch {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct IncludeCase {
  std::string name;
  std::string path;
  std::string include;
  friend void PrintTo(const IncludeCase& c, std::ostream* os) { *os << c.name; }
};

class ForbiddenIncludeTest : public ::testing::TestWithParam<IncludeCase> {};

TEST_P(ForbiddenIncludeTest, IsReported) {
  const IncludeCase& c = GetParam();
  EXPECT_THAT(CheckIncludes(Parse(c.path, "\n#include " + c.include + "\n")),
              ElementsAre(AllOf(Field(&Violation::path, c.path), Field(&Violation::line, 2U))));
}

INSTANTIATE_TEST_SUITE_P(
    Arrows, ForbiddenIncludeTest,
    ::testing::Values(IncludeCase{"RulesToGrpc", "rules/a.cc", "<grpcpp/grpcpp.h>"},
                      IncludeCase{"RulesToStubs", "rules/a.cc", "\"hallwarden/v1/hall.grpc.pb.h\""},
                      IncludeCase{"RulesToRocksDb", "rules/a.cc", "<rocksdb/db.h>"},
                      IncludeCase{"RulesToOpenSsl", "rules/text/a.h", "<openssl/evp.h>"},
                      IncludeCase{"RulesToStorage", "rules/a.cc", "\"storage/a.h\""},
                      IncludeCase{"RulesToDaemon", "rules/a.cc", "\"daemon/a.h\""},
                      IncludeCase{"RulesToSystem", "rules/a.cc", "<unistd.h>"},
                      IncludeCase{"RulesToUnknownLibrary", "rules/a.cc", "<re2/re2.h>"},
                      IncludeCase{"StorageToDaemon", "storage/a.cc", "\"daemon/a.h\""},
                      IncludeCase{"StorageToGrpc", "storage/a.cc", "<grpcpp/grpcpp.h>"},
                      IncludeCase{"DaemonToTools", "daemon/a.cc", "\"tools/a.h\""},
                      IncludeCase{"DaemonToRocksDb", "daemon/a.cc", "<rocksdb/db.h>"},
                      IncludeCase{"CliToRules", "tools/gmctl/a.cc", "\"rules/a.h\""},
                      IncludeCase{"SimulatorToRules", "tools/hallsim/a.cc", "\"rules/limits.h\""},
                      IncludeCase{"CliToStorage", "tools/gmctl/a.cc", "\"storage/a.h\""},
                      IncludeCase{"EvaluatorToDaemon", "tools/evaluate/a.cc", "\"daemon/a.h\""},
                      IncludeCase{"SiblingByShortName", "rules/text/a.cc", "\"b.h\""},
                      IncludeCase{"ShortNameInTests", "tests/rules/a_test.cc", "\"b.h\""}),
    [](const auto& param_info) { return param_info.param.name; });

class AllowedIncludeTest : public ::testing::TestWithParam<IncludeCase> {};

TEST_P(AllowedIncludeTest, Passes) {
  const IncludeCase& c = GetParam();
  EXPECT_THAT(CheckIncludes(Parse(c.path, "#include " + c.include + "\n")), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Arrows, AllowedIncludeTest,
    ::testing::Values(IncludeCase{"RulesToRules", "rules/a.cc", "\"rules/text/a.h\""},
                      IncludeCase{"RulesToMessages", "rules/a.cc", "\"hallwarden/v1/event.pb.h\""},
                      IncludeCase{"RulesToAbsl", "rules/a.cc", "\"absl/status/status.h\""},
                      IncludeCase{"RulesToIcu", "rules/a.cc", "<unicode/normalizer2.h>"},
                      IncludeCase{"RulesToStd", "rules/a.cc", "<string_view>"},
                      IncludeCase{"StorageToRocksDb", "storage/a.cc", "<rocksdb/db.h>"},
                      IncludeCase{"StorageToRules", "storage/a.cc", "\"rules/a.h\""},
                      IncludeCase{"DaemonToGrpc", "daemon/a.cc", "<grpcpp/grpcpp.h>"},
                      IncludeCase{"DaemonToStorage", "daemon/a.cc", "\"storage/a.h\""},
                      IncludeCase{"CliToStubs", "tools/gmctl/a.cc",
                                  "\"hallwarden/v1/hall.grpc.pb.h\""},
                      IncludeCase{"EvaluatorToRules", "tools/evaluate/a.cc", "\"rules/a.h\""},
                      IncludeCase{"TestsToAnything", "tests/daemon/a.cc", "\"daemon/a.h\""},
                      IncludeCase{"NotCpp", "rules/README.md", "\"daemon/a.h\""}),
    [](const auto& param_info) { return param_info.param.name; });

struct PurityCase {
  std::string name;
  std::string code;
  friend void PrintTo(const PurityCase& c, std::ostream* os) { *os << c.name; }
};

class ImpureCodeTest : public ::testing::TestWithParam<PurityCase> {};

TEST_P(ImpureCodeTest, IsReportedInRulesOnly) {
  const std::string text = "// first\n" + GetParam().code + "\n";
  EXPECT_THAT(CheckRulesPurity(Parse("rules/a.cc", text), {}),
              ElementsAre(Field(&Violation::line, 2U)));
  EXPECT_THAT(CheckRulesPurity(Parse("daemon/a.cc", text), {}), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Bans, ImpureCodeTest,
    ::testing::Values(
        PurityCase{"SystemClock", "auto t = std::chrono::system_clock::now();"},
        PurityCase{"SteadyClock", "using C = std::chrono::steady_clock;"},
        PurityCase{"HighResolutionClock", "std::chrono::high_resolution_clock c;"},
        PurityCase{"AbslNow", "auto t = absl::Now();"},
        PurityCase{"RandomDevice", "std::random_device d;"}, PurityCase{"Rand", "int x = rand();"},
        PurityCase{"Getenv", "auto* home = std::getenv(\"HOME\");"},
        PurityCase{"Thread", "std::thread t;"}, PurityCase{"Mutex", "std::mutex m;"},
        PurityCase{"AbslMutex", "absl::Mutex m;"}, PurityCase{"ThreadLocal", "thread_local int x;"},
        PurityCase{"Hash", "std::hash<int> h;"}, PurityCase{"AbslHash", "absl::Hash<int> h;"},
        PurityCase{"UnorderedMap", "std::unordered_map<int, int> m;"},
        PurityCase{"Setlocale", "setlocale(LC_ALL, \"\");"},
        PurityCase{"File", "std::ifstream in;"}, PurityCase{"ThreadHeader", "#include <thread>"},
        PurityCase{"RandomHeader", "#include <random>"},
        PurityCase{"MathHeader", "#include <cmath>"}, PurityCase{"StdLog", "auto x = std::log(2);"},
        PurityCase{"PlainExp", "auto x = exp (2);"},
        PurityCase{"GlobalPow", "auto x = ::pow(2, 3);"},
        PurityCase{"FloatVariant", "auto x = std::log2f(2);"},
        PurityCase{"Double", "double x = 0;"}, PurityCase{"Float", "static_cast<float>(x);"},
        PurityCase{"FloatLiteral", "auto x = 0.5;"}, PurityCase{"ExponentLiteral", "auto x = 1e9;"},
        PurityCase{"HexFloatLiteral", "auto x = 0x1p3;"}),
    [](const auto& param_info) { return param_info.param.name; });

class PureCodeTest : public ::testing::TestWithParam<PurityCase> {};

TEST_P(PureCodeTest, Passes) {
  EXPECT_THAT(CheckRulesPurity(Parse("rules/a.cc", GetParam().code), {}), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Bans, PureCodeTest,
    ::testing::Values(PurityCase{"Comment", "// system_clock, std::log(x), 0.5 and double"},
                      PurityCase{"String", "const char* s = \"std::thread 0.5\";"},
                      PurityCase{"SysTime", "std::chrono::sys_time<std::chrono::seconds> t;"},
                      PurityCase{"OwnLog", "auto x = fixed::log(2); auto y = table.exp(2);"},
                      PurityCase{"LogIsNotCalled", "int log = 0;"},
                      PurityCase{"Operand", "int operand = Operand(1);"},
                      PurityCase{"Numbers",
                                 "auto a = 1'000; auto b = 0x1e9; auto c = 7U; v1.x = 2;"},
                      PurityCase{"FlatMap", "absl::flat_hash_map<int, int> m;"},
                      PurityCase{"Variadic", "template <class... T> void F(T... t);"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(FloatFilesTest, AReasonAllowsFloatingPointInOneFile) {
  const auto allowed = ParseFloatFiles("# comment\n\nrules/a.cc: summed in a fixed order\n");
  ASSERT_THAT(allowed, SizeIs(1));
  EXPECT_EQ(allowed[0].reason, "summed in a fixed order");
  EXPECT_THAT(CheckRulesPurity(Parse("rules/a.cc", "double x = 0.5;"), allowed), IsEmpty());
  EXPECT_THAT(CheckRulesPurity(Parse("rules/b.cc", "double x = 0;"), allowed), SizeIs(1));
}

TEST(FloatFilesTest, AllowsNothingElse) {
  const auto allowed = ParseFloatFiles("rules/a.cc: summed in a fixed order\n");
  EXPECT_THAT(CheckRulesPurity(Parse("rules/a.cc", "double x = std::log(2);"), allowed),
              ElementsAre(Field(&Violation::what, HasSubstr("log"))));
}

TEST(FloatFilesTest, ALineNeedsAReason) {
  for (const std::string line : {"rules/a.cc\n", "rules/a.cc:\n", "rules/a.cc:  \n"}) {
    EXPECT_THAT(CheckRulesPurity(Parse("rules/a.cc", "double x = 0;"), ParseFloatFiles(line)),
                ElementsAre(Field(&Violation::what, HasSubstr("without a reason"))))
        << line;
  }
}

TEST(FloatFilesTest, ALineThatIsNotNeededIsReported) {
  EXPECT_THAT(
      CheckRulesPurity(Parse("rules/a.cc", "int x = 0;"), ParseFloatFiles("rules/a.cc: once\n")),
      ElementsAre(Field(&Violation::what, HasSubstr("without need"))));
}

TEST(IteratorStatusTest, AnIteratorMustBeAskedForItsStatus) {
  const std::string loop =
      "auto it = db->NewIterator(o);\nfor (it->SeekToFirst(); it->Valid();) {}\n";
  EXPECT_THAT(CheckIteratorStatus(Parse("storage/a.cc", loop)), SizeIs(1));
  EXPECT_THAT(CheckIteratorStatus(Parse("storage/a.cc", loop + "// it->status()\n")), SizeIs(1));
  EXPECT_THAT(CheckIteratorStatus(Parse("storage/a.cc", loop + "return ToStatus(it->status());\n")),
              IsEmpty());
  EXPECT_THAT(CheckIteratorStatus(Parse("tests/storage/a.cc", loop)), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::arch
