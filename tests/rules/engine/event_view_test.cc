// EventView reads what protobuf reads.
#include "rules/engine/event_view.h"

#include "google/protobuf/arena.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "rules/engine/step.h"
#include "rules/state/time.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::testing {
namespace {

// A random event of every kind, with the fields that detectors read.
v1::HallEvent RandomEvent(Dice* dice) {
  v1::HallEvent event;
  const auto word = [&] {
    return std::string(dice->Roll(40), static_cast<char>('a' + dice->Roll(26)));
  };
  event.set_account(word());
  if (dice->Roll(4) == 0) event.set_realm(word());
  if (dice->Roll(8) != 0) {
    event.mutable_event_time()->set_seconds(
        static_cast<std::int64_t>(dice->Next() >> dice->Roll(64)));
    event.mutable_event_time()->set_nanos(static_cast<std::int32_t>(dice->Next()));
  }
  event.set_hall(word());
  event.set_room(word());
  event.set_table(dice->Roll(6) == 0 ? "\xe6\xa1\x8c" : word());
  event.set_hand(word());
  event.set_game(word());
  const google::protobuf::OneofDescriptor* body =
      v1::HallEvent::descriptor()->FindOneofByName("body");
  const auto choice =
      static_cast<int>(dice->Roll(static_cast<std::uint64_t>(body->field_count()) + 1));
  if (choice == body->field_count()) return event;
  google::protobuf::Message* message =
      event.GetReflection()->MutableMessage(&event, body->field(choice));
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = message->GetDescriptor()->field(i);
    const google::protobuf::Reflection& reflection = *message->GetReflection();
    if (field->is_repeated() || dice->Roll(3) == 0) continue;
    switch (field->cpp_type()) {
      case google::protobuf::FieldDescriptor::CPPTYPE_STRING:
        reflection.SetString(message, field, word());
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(message, field,
                            static_cast<std::int32_t>(dice->Next() >> dice->Roll(64)));
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(message, field,
                            static_cast<std::int64_t>(dice->Next() >> dice->Roll(64)));
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(message, field, dice->Roll(2) == 0);
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_ENUM:
        // One that no build knows, too.
        reflection.SetEnumValue(message, field, static_cast<int>(dice->Roll(9)));
        break;
      default:
        break;
    }
  }
  return event;
}

// Both readings of the same bytes.
void ExpectSame(const std::string& bytes) {
  SCOPED_TRACE(::testing::PrintToString(bytes));
  google::protobuf::Arena arena;
  v1::HallEvent event;
  const bool parses = event.ParseFromString(bytes);
  const EventView* view = EventView::Parse(bytes, &arena);
  ASSERT_EQ(view != nullptr, parses);
  if (view == nullptr) return;
  EXPECT_EQ(view->account(), event.account());
  EXPECT_EQ(view->realm(), event.realm());
  EXPECT_EQ(view->hall(), event.hall());
  EXPECT_EQ(view->room(), event.room());
  EXPECT_EQ(view->table(), event.table());
  EXPECT_EQ(view->hand(), event.hand());
  EXPECT_EQ(view->game(), event.game());
  EXPECT_EQ(view->has_event_time(), event.has_event_time());
  EXPECT_EQ(view->event_seconds(), event.event_time().seconds());
  EXPECT_EQ(view->event_nanos(), event.event_time().nanos());
  EXPECT_EQ(view->event_us(), event.has_event_time() ? TimestampUs(event.event_time()) : 0);
  EXPECT_EQ(view->has_unknown_fields(), !event.GetReflection()->GetUnknownFields(event).empty());
  ASSERT_EQ(view->body_case(), event.body_case());
  if (!event.account().empty()) {
    const std::string qualified = QualifiedAccount(event.realm(), event.account());
    EXPECT_EQ(view->qualified_account(), qualified);
    EXPECT_EQ(view->key(), KeyOfAccount(qualified));
  }
  if (event.body_case() == v1::HallEvent::BODY_NOT_SET) return;
  const google::protobuf::FieldDescriptor* field =
      v1::HallEvent::descriptor()->FindFieldByNumber(event.body_case());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      *view->body(), event.GetReflection()->GetMessage(event, field)));
}

TEST(EventViewTest, ReadsEveryKindAsProtobufDoes) {
  Dice dice(1);
  for (int i = 0; i < 4'000; ++i)
    ExpectSame(RandomEvent(&dice).SerializeAsString());
}

TEST(EventViewTest, ReadsDamagedBytesAsProtobufDoes) {
  Dice dice(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = RandomEvent(&dice).SerializeAsString();
    switch (dice.Roll(4)) {
      case 0:
        bytes.resize(dice.Roll(bytes.size() + 1));
        break;
      case 1:
        // Fields twice, and two bodies.
        bytes += RandomEvent(&dice).SerializeAsString();
        break;
      default:
        for (std::uint64_t flips = 1 + dice.Roll(3); flips > 0 && !bytes.empty(); --flips) {
          bytes[dice.Roll(bytes.size())] = static_cast<char>(dice.Roll(256));
        }
        break;
    }
    ExpectSame(bytes);
  }
}

struct Shape {
  const char* what;
  std::string bytes;
};

TEST(EventViewTest, ReadsUncommonShapesAsProtobufDoes) {
  const std::string turn("\xd2\x01\x02\x08\x05", 5);
  const Shape shapes[] = {
      {"nothing", ""},
      {"a turn alone", turn},
      {"the same body twice", turn + std::string("\xd2\x01\x02\x10\x07", 5)},
      {"another body behind it", turn + std::string("\x92\x01\x00", 3)},
      {"an account twice", std::string("\x0a\x01"
                                       "a"
                                       "\x0a\x01"
                                       "b",
                                       6)},
      {"an event time in two parts", std::string("\x12\x02\x08\x07\x12\x02\x10\x09", 8)},
      {"an empty event time", std::string("\x12\x00", 2)},
      {"an unknown field", std::string("\xfa\x7f\x01x", 4)},
      {"an unknown number", std::string("\x48\x01", 2)},
      {"an unknown field in a turn", std::string("\xd2\x01\x03\x7a\x01x", 6)},
      {"a tag of more bytes than it needs", std::string("\x8a\x80\x80\x80\x80\x00\x01"
                                                        "a",
                                                        8)},
      {"a size of more bytes than it needs", std::string("\x0a\x81\x80\x80\x00"
                                                         "a",
                                                         6)},
      {"a negative think time",
       std::string("\xd2\x01\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 14)},
      {"a true of ten bytes",
       std::string("\xd2\x01\x0b\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 14)},
      {"field zero", std::string("\x02\x00", 2)},
      {"a group", std::string("\x4b\x4c", 2)},
      {"invalid UTF-8 in a name", std::string("\x2a\x01\xff", 3)},
      {"a name in Chinese", std::string("\x2a\x03\xe5\x8e\x85", 5)},
      {"a size past the end", std::string("\x0a\x7f"
                                          "a",
                                          3)},
  };
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(shape.what);
    ExpectSame(shape.bytes);
  }
}

}  // namespace
}  // namespace hallwarden::testing
