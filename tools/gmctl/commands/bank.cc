// bank ls|add|rm|test|import|export
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/bank_file.h"
#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/escape.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

// What the daemon takes as an avatar.
constexpr std::size_t kLargestImageBytes = 48UL * 1024;
constexpr std::size_t kLargestFileBytes = 64UL * 1024 * 1024;
constexpr std::size_t kEntriesInCall = 1000;
constexpr int kLargestPage = 1000;
// The banks hold a tenth of that: a daemon that never ends its list is broken.
constexpr int kPagesMax = 1000;
constexpr std::string_view kPrefix = "bankEntries/";

// A picture as it was named: a hash, or the bytes of a file.
struct Named {
  std::string hash;
  std::string image;
};

absl::StatusOr<Named> ReadPicture(const std::string& word) {
  if (std::optional<std::string> hash = ReadHash(word); hash.has_value()) {
    return Named{*std::move(hash), {}};
  }
  absl::StatusOr<std::string> image = ReadFile(word, kLargestImageBytes);
  if (!image.ok()) return image.status();
  return Named{{}, *std::move(image)};
}

// --until or --for; missing: for ever, which for an entry is no harm: it is taken out again.
absl::Status ReadExpiry(Context& context, v1::BankEntry* entry) {
  const Args& args = context.args();
  if (args.Has("for") && args.Has("until")) return UsageProblem("err.bank.two_terms");
  if (args.Has("for")) {
    const absl::StatusOr<absl::Duration> term = ParseTerm(args.Get("for"));
    if (!term.ok()) return term.status();
    ToProto(context.look().now() + *term, *entry->mutable_expire_time());
  } else if (args.Has("until")) {
    const absl::StatusOr<absl::Time> until =
        ParseUntil(args.Get("until"), context.manner().zone, context.look().now());
    if (!until.ok()) return until.status();
    ToProto(*until, *entry->mutable_expire_time());
  }
  return absl::OkStatus();
}

absl::Status DescribeEntry(Context& context, v1::BankEntry* entry) {
  const Args& args = context.args();
  const bool allow = args.Has("allow");
  entry->set_kind(allow ? v1::BANK_KIND_ALLOW : v1::BANK_KIND_BLOCK);
  entry->set_confidence(args.Has("plain") ? v1::CONFIDENCE_PLAIN : v1::CONFIDENCE_REVIEW);
  if (args.Has("category")) {
    const absl::StatusOr<int> category = ReadWord(Vocabulary::kCategory, args.Get("category"));
    if (!category.ok()) return category.status();
    entry->set_category(static_cast<v1::TextCategory>(*category));
  } else if (!allow) {
    return UsageProblem("err.args.flag_missing",
                        {{"flag", "--category"},
                         {"command", std::string(args.command().path)},
                         {"list", Join(TypedWords(Vocabulary::kCategory), ", ")}});
  }
  entry->set_bank(args.Has("bank") ? args.Get("bank")
                  : allow          ? std::string("official")
                                   : ShortName(Vocabulary::kCategory, entry->category()));
  return ReadExpiry(context, entry);
}

std::string EntryNamed(const std::string& word) {
  return word.starts_with(kPrefix) ? word : Cat({kPrefix, word});
}

absl::Status ReportFaults(Context& context, const BankFile& file) {
  constexpr std::size_t kShown = 20;
  for (std::size_t i = 0; i < file.faults.size() && i < kShown; ++i) {
    const BankFault& fault = file.faults[i];
    context.Talk(Cat({Guard(context.args().At(0)), ":", std::to_string(fault.line), ": ",
                      context.Text(fault.key, fault.args)}));
  }
  return UsageProblem("err.bank.faults", {{"path", context.args().At(0)},
                                          {"count", std::to_string(file.faults.size())}});
}

// Sends the entries in calls of 1,000, each under an id of its own.
class Import {
 public:
  Import(Client& daemon, std::vector<v1::BankEntry> entries, std::string base)
      : daemon_(daemon), entries_(std::move(entries)), base_(std::move(base)) {}

  [[nodiscard]] std::size_t calls() const {
    return (entries_.size() + kEntriesInCall - 1) / kEntriesInCall;
  }
  [[nodiscard]] std::size_t done() const { return done_; }

  absl::Status SendAll(bool validate_only, const std::string& reason) {
    for (done_ = 0; done_ < calls(); ++done_) {
      v1::AddBankEntriesRequest request;
      const std::size_t begin = done_ * kEntriesInCall;
      const std::size_t end = std::min(entries_.size(), begin + kEntriesInCall);
      for (std::size_t i = begin; i < end; ++i)
        *request.add_entries() = entries_[i];
      v1::ActionOptions& options = *request.mutable_options();
      options.set_request_id(
          Cat({base_, "-", std::to_string(done_ + 1), validate_only ? "-plan" : ""}));
      options.set_validate_only(validate_only);
      options.set_reason(reason);
      const absl::StatusOr<v1::ActionResponse> answer = daemon_.AddBankEntries(request);
      if (!answer.ok()) return answer.status();
    }
    return absl::OkStatus();
  }

  [[nodiscard]] MessageArgs Words() const {
    return {{"entries", std::to_string(entries_.size())},
            {"done", std::to_string(done_)},
            {"calls", std::to_string(calls())}};
  }

 private:
  Client& daemon_;
  std::vector<v1::BankEntry> entries_;
  std::string base_;
  std::size_t done_ = 0;
};

}  // namespace

absl::Status CommandBankList(Context& context) {
  v1::ListBankEntriesRequest request;
  request.set_bank(context.args().Get("bank"));
  return PrintPages(
      context, BankSheet(), request, &Client::ListBankEntries,
      [](const auto& page) -> const auto& { return page.entries(); });
}

absl::Status CommandBankAdd(Context& context) {
  v1::AddBankEntriesRequest request;
  v1::BankEntry& entry = *request.add_entries();
  HW_RETURN_IF_ERROR(DescribeEntry(context, &entry));
  const absl::StatusOr<Named> picture = ReadPicture(context.args().At(0));
  if (!picture.ok()) return picture.status();
  entry.set_pdq_hash(picture->hash);
  entry.set_image(picture->image);
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "AddBankEntries", request, &Client::AddBankEntries);
  order.target = entry.bank();
  order.least_level = 1;
  return GiveOrder(context, order);
}

absl::Status CommandBankRemove(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::RemoveBankEntriesRequest request;
  for (const std::string& word : context.args().positionals())
    request.add_names(EntryNamed(word));
  Order order = MakeOrder(**daemon, "RemoveBankEntries", request, &Client::RemoveBankEntries);
  order.target = std::to_string(request.names_size());
  order.least_level = 1;
  return GiveOrder(context, order);
}

absl::Status CommandBankTest(Context& context) {
  const absl::StatusOr<Named> picture = ReadPicture(context.args().At(0));
  if (!picture.ok()) return picture.status();
  v1::TestBanksRequest request;
  if (picture->image.empty()) {
    request.set_pdq_hash(picture->hash);
  } else {
    request.set_image(picture->image);
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::TestBanksResponse> answer = (*daemon)->TestBanks(request);
  if (!answer.ok()) return answer.status();
  Sheet sheet = BankTestSheet();
  AddRow(sheet, *answer, context.look());
  HW_RETURN_IF_ERROR(PrintOne(context, std::move(sheet)));
  if (!context.for_people() || answer->matches().empty()) return absl::OkStatus();
  Sheet matches = BankMatchSheet();
  for (const v1::BankMatch& match : answer->matches())
    AddRow(matches, match, context.look());
  return context.Print(matches);
}

absl::Status CommandBankImport(Context& context) {
  const std::string& path = context.args().At(0);
  const absl::StatusOr<std::string> text = path == "-"
                                               ? context.world().console.ReadAll(kLargestFileBytes)
                                               : ReadFile(path, kLargestFileBytes);
  if (!text.ok()) return text.status();
  BankFile file = ReadBankFile(*text, context.manner().zone);
  if (!file.faults.empty()) return ReportFaults(context, file);
  if (file.entries.empty()) return UsageProblem("err.bank.empty", {{"path", path}});
  const absl::StatusOr<std::string> base = RequestIdBase(context);
  if (!base.ok()) return base.status();
  std::string reason = context.args().Get("reason");
  if (!context.args().Has("dry-run")) {
    const absl::StatusOr<std::string> read = ReadReason(context);
    if (!read.ok()) return read.status();
    reason = *read;
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Import import(**daemon, std::move(file.entries), *base);
  HW_RETURN_IF_ERROR(import.SendAll(true, reason));
  context.Talk(context.Text("msg.bank_plan", import.Words()));
  if (context.args().Has("dry-run")) return QuietExit(ExitCode::kWouldChange);
  HW_RETURN_IF_ERROR(Confirm(context, 1, path));
  absl::Status sent = import.SendAll(false, reason);
  if (sent.ok()) {
    context.Talk(context.Text("msg.bank_done", import.Words()));
    return sent;
  }
  context.Talk(context.Text("msg.bank_partial", import.Words()));
  return AdviseRetry(context, std::move(sent), *base);
}

absl::Status CommandBankExport(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ListBankEntriesRequest request;
  request.set_bank(context.args().Get("bank"));
  request.set_page_size(kLargestPage);
  std::string text = Cat({BankHeading(), "\n"});
  std::size_t entries = 0;
  for (int pages = 0; pages < kPagesMax; ++pages) {
    const absl::StatusOr<v1::ListBankEntriesResponse> page = (*daemon)->ListBankEntries(request);
    if (!page.ok()) return page.status();
    for (const v1::BankEntry& entry : page->entries()) {
      text += BankLine(entry, context.look());
      text += '\n';
      ++entries;
    }
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  if (!context.args().Has("save")) {
    context.Out(text, true);
    return absl::OkStatus();
  }
  const std::string& path = context.args().Get("save");
  HW_RETURN_IF_ERROR(WritePrivateFile(path, text, Durability::kOnDisk));
  context.Talk(
      context.Text("msg.bank_saved", {{"path", path}, {"entries", std::to_string(entries)}}));
  return absl::OkStatus();
}

}  // namespace hallwarden::gmctl
