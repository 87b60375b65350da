#include "tools/names_to_events/names_traffic.h"

#include <numeric>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/hallsim/event_time.h"
#include "tools/hallsim/random.h"

namespace hallwarden::names {
namespace {

// Of 1,000 events after the first registrations.
constexpr std::uint32_t kRegistrations = 600;
constexpr std::uint32_t kRenames = 300;

// Deals texts like cards: all of them, shuffled, then all of them again.
class Dealer {
 public:
  Dealer(std::size_t size, hallsim::Random* random) : random_(random), order_(size), next_(size) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  std::size_t Next() {
    if (next_ == order_.size()) {
      for (std::size_t i = order_.size() - 1; i > 0; --i) {
        std::swap(order_[i], order_[random_->Below(static_cast<std::uint32_t>(i + 1))]);
      }
      next_ = 0;
    }
    return order_[next_++];
  }

 private:
  hallsim::Random* random_;
  std::vector<std::size_t> order_;
  std::size_t next_;
};

// The accounts and who of them is here.
class Crowd {
 public:
  Crowd(const NamesOptions& options, hallsim::Random* random)
      : options_(options), random_(random) {}

  std::uint32_t Register() {
    here_.push_back(count_);
    return count_++;
  }
  [[nodiscard]] bool AnyoneHere() const { return !here_.empty(); }
  [[nodiscard]] bool AnyoneAway() const { return !away_.empty(); }
  std::uint32_t SomebodyHere() {
    return here_[random_->Below(static_cast<std::uint32_t>(here_.size()))];
  }
  std::uint32_t Leave() { return Move(&here_, &away_); }
  std::uint32_t ComeBack() { return Move(&away_, &here_); }
  [[nodiscard]] std::string Name(std::uint32_t account) const {
    return absl::StrFormat("%s%07d", options_.account_prefix, account);
  }

 private:
  std::uint32_t Move(std::vector<std::uint32_t>* from, std::vector<std::uint32_t>* to) {
    const std::size_t at = random_->Below(static_cast<std::uint32_t>(from->size()));
    const std::uint32_t account = (*from)[at];
    (*from)[at] = from->back();
    from->pop_back();
    to->push_back(account);
    return account;
  }

  const NamesOptions& options_;
  hallsim::Random* random_;
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> here_;
  std::vector<std::uint32_t> away_;
};

std::string Ip(std::uint32_t account) {
  return absl::StrCat("10.", 64 + account / 65'025 % 64, ".", account / 255 % 255, ".",
                      1 + account % 254);
}

std::string Device(std::uint32_t account) {
  return absl::StrFormat("names-%08d", account);
}

}  // namespace

absl::Status AddLabelledTexts(const std::string& content, const std::string& name,
                              std::vector<LabelledText>* texts) {
  std::istringstream lines(content);
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos || tab == 0) {
      return absl::InvalidArgumentError(absl::StrCat(name, ":", number, ": not `label<TAB>text`"));
    }
    const std::size_t end = line.find('\t', tab + 1);
    std::string text = line.substr(tab + 1, end == std::string::npos ? end : end - tab - 1);
    if (!text.empty()) texts->push_back(LabelledText{line.substr(0, tab), std::move(text)});
  }
  return absl::OkStatus();
}

void MakeNames(const NamesOptions& options, const std::vector<LabelledText>& texts,
               const std::function<void(const v1::HallEvent&)>& event,
               const std::function<void(const NameGiven&)>& name) {
  hallsim::Random random(options.seed);
  Dealer dealer(texts.size(), &random);
  Crowd crowd(options, &random);
  v1::HallEvent one;
  const auto begin = [&](std::uint32_t account, std::int64_t line) {
    one.Clear();
    one.set_account(crowd.Name(account));
    one.set_hall("hall-1");
    hallsim::SetEventTime(options.start_us + (line - 1) * options.step_us, &one);
  };
  const auto deal = [&](std::int64_t line) {
    const LabelledText& text = texts[dealer.Next()];
    name(NameGiven{line, one.account(), text.label, text.text});
    return text.text;
  };
  for (std::int64_t line = 1; line <= options.events; ++line) {
    const std::uint32_t slot = random.Below(1000);
    if (slot < kRegistrations || !crowd.AnyoneHere()) {
      const std::uint32_t account = crowd.Register();
      begin(account, line);
      one.mutable_registered()->set_nickname(deal(line));
      one.mutable_registered()->set_ip(Ip(account));
      one.mutable_registered()->set_device(Device(account));
    } else if (slot < kRegistrations + kRenames) {
      begin(crowd.SomebodyHere(), line);
      one.mutable_nickname_changed()->set_nickname(deal(line));
    } else if (slot % 2 == 0 || !crowd.AnyoneAway()) {
      begin(crowd.Leave(), line);
      one.mutable_logged_out();
    } else {
      const std::uint32_t account = crowd.ComeBack();
      begin(account, line);
      one.mutable_logged_in()->set_ip(Ip(account));
      one.mutable_logged_in()->set_device(Device(account));
    }
    event(one);
  }
}

}  // namespace hallwarden::names
