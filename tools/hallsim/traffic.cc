#include "tools/hallsim/traffic.h"

#include <algorithm>
#include <utility>

namespace hallwarden::hallsim {
namespace {

bool IsAboutContent(const v1::Directive& directive) {
  switch (directive.action_case()) {
    case v1::Directive::kSetContentVisibility:
    case v1::Directive::kSetExchangeHold:
    case v1::Directive::kRefundEntryFee:
    case v1::Directive::kRestitute:
    case v1::Directive::kAnnounce:
      return true;
    default:
      return false;
  }
}

}  // namespace

void WriteLabels(const std::vector<Label>& labels, std::ostream& out) {
  out << "account\tarchetype\toffence\tring\tstrength_milli\tchannel\n";
  for (const Label& label : labels) {
    out << label.account << '\t' << label.archetype << '\t' << label.offence << '\t' << label.ring
        << '\t' << label.strength_milli << '\t' << label.channel << '\n';
  }
}

void WritePartners(const std::vector<Label>& labels, std::ostream& out) {
  for (const Label& label : labels) {
    if (!label.channel.empty()) out << label.account << '\t' << label.channel << '\n';
  }
}

void ObedientTraffic::Answered(std::int64_t seq, v1::DirectiveOutcome outcome, std::string detail) {
  answers_.push_back(Answer{seq, outcome, std::move(detail)});
}

void ObedientTraffic::Obey(const v1::Directive& directive) {
  const std::int64_t seq = directive.directive_seq();
  if (directive.action_case() == v1::Directive::ACTION_NOT_SET) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_REJECTED, "an order that this server does not know");
    return;
  }
  if (directive.has_announce()) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_APPLIED, "");
    return;
  }
  const std::int64_t index = Find(directive.account());
  // NOLINTNEXTLINE(bugprone-branch-clone): each case is a rule of the contract, in its order.
  if (index < 0) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_NOT_HERE, "");
  } else if (directive.has_set_restrictions()) {
    ObeyRestrictions(directive, index);
  } else if (IsAboutContent(directive)) {
    // The server keeps content and gold of everybody, present or not.
    Answered(seq, v1::DIRECTIVE_OUTCOME_APPLIED, "");
  } else if (!Online(index)) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_NOT_HERE, "");
  } else {
    ObeyPresent(directive, index);
  }
}

void ObedientTraffic::ObeyRestrictions(const v1::Directive& directive, std::int64_t index) {
  const std::int64_t seq = directive.directive_seq();
  const auto it = held_.find(index);
  if (it == held_.end() && !Online(index)) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_NOT_HERE, "");
    return;
  }
  if (it != held_.end() && directive.account_revision() < it->second.revision) {
    Answered(seq, v1::DIRECTIVE_OUTCOME_REJECTED, "stale revision");
    return;
  }
  Held held;
  held.revision = directive.account_revision();
  for (const v1::Restriction& restriction : directive.set_restrictions().restrictions()) {
    const v1::Capability capability = restriction.capability();
    if (capability == v1::CAPABILITY_LOGIN || capability == v1::CAPABILITY_PLAY) {
      held.locked_out = true;
      held.permanent = held.permanent || restriction.permanent();
      held.until_us = std::max(held.until_us, restriction.until_time().seconds() * 1'000'000);
    }
    held.muted = held.muted || capability == v1::CAPABILITY_CHAT;
    held.name_locked = held.name_locked || capability == v1::CAPABILITY_NAME;
  }
  held_[index] = held;
  HeldChanged(index, held);
  const std::string& last_hand = directive.set_restrictions().not_before_hand();
  const bool wait =
      held.locked_out && Online(index) && !last_hand.empty() && HandOf(index) == last_hand;
  if (wait) {
    waiting_for_hand_.emplace(last_hand, Waiting{seq, index});
    return;
  }
  if (held.locked_out && Online(index) && !disobedient_) PutOut(index);
  Answered(seq, v1::DIRECTIVE_OUTCOME_APPLIED, "");
}

void ObedientTraffic::ObeyPresent(const v1::Directive& directive, std::int64_t index) {
  const std::int64_t seq = directive.directive_seq();
  Answered(seq, v1::DIRECTIVE_OUTCOME_APPLIED, "");
  switch (directive.action_case()) {
    case v1::Directive::kWarn: {
      const std::int64_t seen_us = now_us_ + seen_after_us_;
      later_.emplace(seen_us, Answer{seq, v1::DIRECTIVE_OUTCOME_SEEN, ""});
      Warned(index, seen_us);
      break;
    }
    case v1::Directive::kKick:
    case v1::Directive::kForceLogout:
      PutOut(index);
      break;
    case v1::Directive::kResetNickname:
      SetNickname(index, directive.reset_nickname().replacement());
      break;
    case v1::Directive::kResetAvatar:
      SetDefaultAvatar(index);
      break;
    default:
      break;
  }
}

void ObedientTraffic::HandEnded(const std::string& hand) {
  if (waiting_for_hand_.empty()) return;
  const auto [begin, end] = waiting_for_hand_.equal_range(hand);
  std::vector<Waiting> due;
  for (auto it = begin; it != end; ++it)
    due.push_back(it->second);
  waiting_for_hand_.erase(begin, end);
  for (const Waiting& waiting : due) {
    const Held* held_now = held(waiting.index);
    const bool still = held_now != nullptr && held_now->locked_out;
    if (still && Online(waiting.index) && !disobedient_) PutOut(waiting.index);
    Answered(waiting.directive_seq, v1::DIRECTIVE_OUTCOME_APPLIED, "");
  }
}

const ObedientTraffic::Held* ObedientTraffic::held(std::int64_t index) const {
  const auto it = held_.find(index);
  return it == held_.end() ? nullptr : &it->second;
}

std::vector<Answer> ObedientTraffic::TakeAnswers(bool all) {
  if (all) {
    while (!waiting_for_hand_.empty()) {
      const std::string hand = waiting_for_hand_.begin()->first;
      HandEnded(hand);
    }
  }
  while (!later_.empty() && (all || later_.begin()->first <= now_us_)) {
    answers_.push_back(std::move(later_.begin()->second));
    later_.erase(later_.begin());
  }
  std::vector<Answer> due(std::make_move_iterator(answers_.begin()),
                          std::make_move_iterator(answers_.end()));
  answers_.clear();
  return due;
}

}  // namespace hallwarden::hallsim
