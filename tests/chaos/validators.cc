#include "tests/chaos/validators.h"

#include <algorithm>

#include "tests/chaos/hash.h"

namespace hallwarden::chaos {

void StreamValidator::Fault(const char* promise, const std::string& what) {
  if (faults_.size() < 20) faults_.push_back(server_ + " broke " + promise + ": " + what);
}

void StreamValidator::OnConnect() {
  hello_directive_ = 0;
  last_ = 0;
  durable_ = 0;
}

void StreamValidator::OnSent(const v1::SessionRequest& request) {
  if (request.has_hello()) {
    hello_directive_ = request.hello().last_directive_seq();
    last_ = hello_directive_;
  }
  if (request.has_events()) {
    highest_sent_ =
        std::max(highest_sent_, request.events().first_seq() + request.events().events_size() - 1);
  }
  for (const v1::DirectiveResult& result : request.directive_results().results())
    answered_.insert(result.directive_seq());
}

void StreamValidator::OnReceived(const v1::SessionResponse& response) {
  std::int64_t durable = 0;
  switch (response.message_case()) {
    case v1::SessionResponse::kHelloOk:
      durable = response.hello_ok().durable_seq();
      if (durable < durable_ever_) {
        Fault("Bookmarkable", "a session begins at event " + std::to_string(durable) + ", " +
                                  std::to_string(durable_ever_) + " was durable before");
      }
      break;
    case v1::SessionResponse::kAck:
      durable = response.ack().durable_seq();
      break;
    case v1::SessionResponse::kProgress:
      durable = response.progress().durable_seq();
      break;
    case v1::SessionResponse::kDirective:
      OnDirective(response.directive());
      return;
    default:
      return;
  }
  if (durable < durable_) {
    Fault("Bookmarkable",
          "event " + std::to_string(durable) + " is durable after " + std::to_string(durable_));
  }
  if (durable > highest_sent_) {
    Fault("Bookmarkable", "event " + std::to_string(durable) + " is durable, " +
                              std::to_string(highest_sent_) + " is the last that was sent");
  }
  durable_ = durable;
  durable_ever_ = std::max(durable_ever_, durable);
}

void StreamValidator::OnDirective(const v1::Directive& directive) {
  const std::int64_t seq = directive.directive_seq();
  const std::string name = "directive " + std::to_string(seq);
  if (seq <= hello_directive_) {
    Fault("Resumable", name + " came, the Hello said " + std::to_string(hello_directive_));
  } else if (seq == last_) {
    Fault("Unique", name + " came twice in one session");
  } else if (seq < last_) {
    Fault("Ordered", name + " came after " + std::to_string(last_));
  }
  for (std::int64_t missing = last_ + 1; missing < seq; ++missing) {
    if (answered_.contains(missing)) continue;
    Fault("Reliable",
          "directive " + std::to_string(missing) + " is missing before " + std::to_string(seq));
    break;
  }
  last_ = std::max(last_, seq);
  const std::uint64_t hash = HashOf(directive.SerializeAsString());
  const auto [it, added] = delivered_.emplace(seq, hash);
  if (!added && it->second != hash) Fault("Unique", name + " came again with other content");
}

}  // namespace hallwarden::chaos
