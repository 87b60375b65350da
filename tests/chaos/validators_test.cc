#include "tests/chaos/validators.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hallwarden::chaos {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ValidatorTest : public ::testing::Test {
 protected:
  void Hello(std::int64_t last_directive_seq) {
    validator_.OnConnect();
    v1::SessionRequest request;
    request.mutable_hello()->set_last_directive_seq(last_directive_seq);
    validator_.OnSent(request);
  }
  void HelloOk(std::int64_t durable_seq) {
    v1::SessionResponse response;
    response.mutable_hello_ok()->set_durable_seq(durable_seq);
    validator_.OnReceived(response);
  }
  void Sent(std::int64_t first_seq, int count) {
    v1::SessionRequest request;
    request.mutable_events()->set_first_seq(first_seq);
    for (int i = 0; i < count; ++i)
      request.mutable_events()->add_events("x");
    validator_.OnSent(request);
  }
  void Answered(std::int64_t seq) {
    v1::SessionRequest request;
    request.mutable_directive_results()->add_results()->set_directive_seq(seq);
    validator_.OnSent(request);
  }
  void Ack(std::int64_t durable_seq) {
    v1::SessionResponse response;
    response.mutable_ack()->set_durable_seq(durable_seq);
    validator_.OnReceived(response);
  }
  void Directive(std::int64_t seq, const std::string& account = "a") {
    v1::SessionResponse response;
    response.mutable_directive()->set_directive_seq(seq);
    response.mutable_directive()->set_account(account);
    validator_.OnReceived(response);
  }

  StreamValidator validator_{"gs1"};
};

TEST_F(ValidatorTest, AGoodStreamPasses) {
  Hello(0);
  Sent(1, 5);
  Directive(1);
  Directive(2);
  Directive(3);
  Ack(3);
  Ack(5);
  Answered(2);
  Hello(1);
  HelloOk(5);
  Directive(3);
  Directive(4);
  EXPECT_THAT(validator_.faults(), IsEmpty());
  EXPECT_EQ(validator_.delivered().size(), 4U);
}

TEST_F(ValidatorTest, EachBrokenPromiseIsNamed) {
  Hello(0);
  Directive(1);
  Directive(1);
  EXPECT_THAT(validator_.faults(), ElementsAre(HasSubstr("gs1 broke Unique")));
}

TEST_F(ValidatorTest, ANumberThatFallsBreaksOrdered) {
  Hello(0);
  Directive(1);
  Directive(2);
  Directive(1);
  EXPECT_THAT(validator_.faults(), ElementsAre(HasSubstr("gs1 broke Ordered")));
}

TEST_F(ValidatorTest, OtherContentUnderTheSameNumberBreaksUnique) {
  Hello(0);
  Directive(1);
  Hello(0);
  Directive(1, "b");
  EXPECT_THAT(validator_.faults(), ElementsAre(HasSubstr("other content")));
}

TEST_F(ValidatorTest, AHoleBreaksReliable) {
  Hello(0);
  Directive(1);
  Directive(3);
  EXPECT_THAT(validator_.faults(), ElementsAre(HasSubstr("directive 2 is missing before 3")));
}

TEST_F(ValidatorTest, WhatTheHelloNamedBreaksResumable) {
  Hello(4);
  Directive(4);
  EXPECT_THAT(validator_.faults(), ElementsAre(HasSubstr("gs1 broke Resumable")));
}

TEST_F(ValidatorTest, APositionThatFallsOrWasNeverSentBreaksBookmarkable) {
  Hello(0);
  Sent(1, 5);
  Ack(5);
  Ack(4);
  Ack(6);
  Hello(0);
  HelloOk(2);
  EXPECT_THAT(validator_.faults(),
              ElementsAre(HasSubstr("event 4 is durable after 5"),
                          HasSubstr("event 6 is durable, 5 is the last that was sent"),
                          HasSubstr("a session begins at event 2, 6 was durable before")));
}

}  // namespace
}  // namespace hallwarden::chaos
