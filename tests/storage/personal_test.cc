// Personal fields leave every message type that can hold them, and come back.
#include "storage/personal.h"

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/audit.pb.h"
#include "hallwarden/v1/gate_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/journal.pb.h"
#include "hallwarden/v1/options.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "google/protobuf/util/message_differencer.h"

namespace hallwarden::storage {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int kDepthMax = 5;
constexpr int kRounds = 20;
constexpr std::string_view kMark = "personal\xff";

// Every message type of the vocabulary.
std::vector<const Descriptor*> AllTypes() {
  std::vector<const Descriptor*> types;
  for (const google::protobuf::FileDescriptor* file :
       {v1::Command::descriptor()->file(), v1::HallEvent::descriptor()->file(),
        v1::AuditRecord::descriptor()->file(), v1::Sanction::descriptor()->file(),
        v1::Account::descriptor()->file(), v1::Hello::descriptor()->file(),
        v1::Policy::descriptor()->file(), v1::Directive::descriptor()->file(),
        v1::Evidence::descriptor()->file(), v1::CheckAccountRequest::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i)
      types.push_back(file->message_type(i));
  }
  return types;
}

bool IsPersonal(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::personal) != v1::PERSONAL_UNSPECIFIED;
}

// Fills messages at random. Counts the personal fields that it set.
class Filler {
 public:
  explicit Filler(std::uint32_t seed) : random_(seed) {}

  void Fill(Message* message, int depth) {
    const Descriptor& type = *message->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      // Setting one member of a oneof clears the others: the count must stay true.
      if (field.real_containing_oneof() != nullptr &&
          message->GetReflection()->HasOneof(*message, field.real_containing_oneof())) {
        continue;
      }
      if (Chance(3)) continue;
      FillField(message, field, depth);
    }
  }

  [[nodiscard]] int personal() const { return personal_; }

 private:
  bool Chance(unsigned in) { return random_() % in == 0; }

  void FillField(Message* message, const FieldDescriptor& field, int depth) {
    const auto& reflection = *message->GetReflection();
    const int count = field.is_repeated() ? static_cast<int>(random_() % 3) : 1;
    for (int i = 0; i < count; ++i) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        if (depth == 0) return;
        Fill(field.is_repeated() ? reflection.AddMessage(message, &field)
                                 : reflection.MutableMessage(message, &field),
             depth - 1);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string value = (IsPersonal(field) ? std::string(kMark) : std::string("open")) +
                                  std::to_string(random_());
        if (IsPersonal(field)) ++personal_;
        if (field.is_repeated()) {
          reflection.AddString(message, &field, value);
        } else {
          reflection.SetString(message, &field, value);
        }
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field.is_repeated()) {
        reflection.SetInt64(message, &field, static_cast<std::int64_t>(random_()));
      }
    }
  }

  std::mt19937 random_;
  int personal_ = 0;
};

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

TEST(PersonalTest, EveryTypeSplitsJoinsAndMasks) {
  std::set<std::string> touched;
  for (const Descriptor* type : AllTypes()) {
    for (std::uint32_t seed = 1; seed <= kRounds; ++seed) {
      SCOPED_TRACE(type->full_name() + " seed=" + std::to_string(seed));
      const std::unique_ptr<Message> message = New(*type);
      Filler filler(seed);
      filler.Fill(message.get(), kDepthMax);
      if (filler.personal() > 0) {
        EXPECT_TRUE(MayHoldPersonal(*type));
        touched.insert(type->name());
      }
      const std::unique_ptr<Message> split(message->New());
      split->CopyFrom(*message);
      v1::SealedFields fields;
      fields.add_fields()->set_value("left over");
      SplitPersonal(split.get(), &fields);
      EXPECT_THAT(fields.fields(), SizeIs(filler.personal()));
      EXPECT_EQ(split->SerializeAsString().find(kMark), std::string::npos);

      const std::unique_ptr<Message> masked(message->New());
      masked->CopyFrom(*message);
      MaskPersonal(masked.get());
      EXPECT_TRUE(MessageDifferencer::Equals(*masked, *split));

      // As it happens on disk: through bytes.
      const std::unique_ptr<Message> joined(message->New());
      ASSERT_TRUE(joined->ParseFromString(split->SerializeAsString()));
      v1::SealedFields stored;
      ASSERT_TRUE(stored.ParseFromString(fields.SerializeAsString()));
      const absl::Status status = JoinPersonal(stored, joined.get());
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_TRUE(MessageDifferencer::Equals(*joined, *message));
    }
  }
  EXPECT_TRUE(touched.contains("HallEvent"));
  EXPECT_TRUE(touched.contains("Command"));
  EXPECT_TRUE(touched.contains("AuditRecord"));
  EXPECT_TRUE(touched.contains("Case"));
}

TEST(PersonalTest, KnowsWhichTypesHoldNone) {
  EXPECT_FALSE(MayHoldPersonal(*v1::GateEntry::descriptor()));
  EXPECT_FALSE(MayHoldPersonal(*v1::Token::descriptor()));
  EXPECT_FALSE(MayHoldPersonal(*v1::TimerFired::descriptor()));
  EXPECT_TRUE(MayHoldPersonal(*v1::Sanction::descriptor()));
  EXPECT_TRUE(MayHoldPersonal(*v1::ActionResponse::descriptor()));
}

TEST(PersonalTest, PathsNameFieldsAndIndexes) {
  v1::Sanction sanction;
  sanction.mutable_finding()->add_evidence();
  sanction.mutable_finding()->add_evidence()->set_text("words");
  v1::SealedFields fields;
  SplitPersonal(&sanction, &fields);
  ASSERT_THAT(fields.fields(), SizeIs(1));
  EXPECT_THAT(fields.fields(0).path(), ElementsAre(19, 10, 1, 4));
}

struct PathCase {
  std::string name;
  std::vector<std::int32_t> path;
  friend void PrintTo(const PathCase& c, std::ostream* os) { *os << c.name; }
};

class ForeignPathTest : public ::testing::TestWithParam<PathCase> {};

TEST_P(ForeignPathTest, IsDataLoss) {
  v1::Sanction sanction;
  sanction.set_reason("r");
  sanction.mutable_finding()->add_evidence();
  v1::SealedFields fields;
  v1::SealedField* const field = fields.add_fields();
  for (const std::int32_t step : GetParam().path)
    field->add_path(step);
  field->set_value("words");
  EXPECT_EQ(JoinPersonal(fields, &sanction).code(), absl::StatusCode::kDataLoss);
}

INSTANTIATE_TEST_SUITE_P(
    Paths, ForeignPathTest,
    ::testing::Values(PathCase{"Empty", {}}, PathCase{"NoSuchField", {9999}},
                      PathCase{"NotPersonal", {18}}, PathCase{"ThroughAScalar", {18, 1}},
                      PathCase{"EndsAtAMessage", {19}}, PathCase{"IndexTooLarge", {19, 10, 1, 4}},
                      PathCase{"NegativeIndex", {19, 10, -1, 4}},
                      PathCase{"EndsAtAnIndex", {19, 10, 0}}, PathCase{"MissingMessage", {24, 1}},
                      PathCase{"ARepeatedFieldItself", {19, 10}}),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace hallwarden::storage
