#include "storage/verify/verify.h"

#include <memory>
#include <utility>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

constexpr std::size_t kProblemsKept = 1'000;
// Rows between two words of progress.
constexpr std::uint64_t kProgressEvery = 50'000;
constexpr std::string_view kRestore =
    "restore the newest backup that verifies: hallwardend --restore latest --store DIR";

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace

std::string VerifyProblem::ToString() const {
  return check + ": " + where + ": " + what + "; " + advice;
}

VerifyPlace PlaceOf(const std::string& store_directory) {
  return {store_directory + "/db", store_directory + "/keys", store_directory};
}

Verifier::Verifier(const Database* db, Vault* vault, const VerifyOptions* options)
    : db_(db), vault_(vault), options_(options), codec_(vault), snapshot_(db->MakeSnapshot()) {}

void Verifier::Begin(std::string_view check) {
  check_ = std::string(check);
  if (options_->progress) options_->progress(check, report_.rows);
}

void Verifier::Problem(std::string where, std::string what, std::string_view advice) {
  ++report_.problem_count;
  if (report_.problems.size() >= kProblemsKept) return;
  report_.problems.push_back(
      {check_, std::move(where), std::move(what), std::string(advice.empty() ? kRestore : advice)});
}

void Verifier::ProblemIfError(std::string where, const absl::Status& status) {
  if (status.ok()) return;
  std::string what = Text(status);
  // A problem has its advice in a place of its own.
  const std::size_t advice = what.find(kDamageAdvice);
  if (advice != std::string::npos) what.erase(advice);
  Problem(std::move(where), std::move(what));
}

bool Verifier::cancelled() {
  if (!cancelled_ && options_->cancelled && options_->cancelled()) cancelled_ = true;
  return cancelled_;
}

void Verifier::Scan(Family family, std::string_view prefix, const Visit& visit) {
  if (cancelled()) return;
  std::string last;
  const absl::Status status = db_->Scan(
      KeyRange::Prefix(family, prefix),
      [&](std::string_view key, std::string_view value) {
        last = std::string(key);
        if (++report_.rows % kProgressEvery == 0) {
          if (options_->progress) options_->progress(check_, report_.rows);
          if (cancelled()) return false;
        }
        visit(key, value);
        return true;
      },
      &snapshot_);
  ProblemIfError(last.empty() ? std::string(FamilyName(family)) : "after " + Where(family, last),
                 status);
}

std::optional<std::string> Verifier::Get(Family family, std::string_view key) {
  absl::StatusOr<std::optional<std::string>> value = db_->Get(family, key, &snapshot_);
  if (value.ok()) return *std::move(value);
  ProblemIfError(Where(family, key), value.status());
  return std::nullopt;
}

bool Verifier::Has(Family family, std::string_view key) {
  return Get(family, key).has_value();
}

bool Verifier::CheckSealed(std::string_view account, std::string_view context,
                           std::string_view sealed, const std::string& where) {
  const absl::StatusOr<std::string> plain = vault_->Unseal(account, context, sealed);
  if (plain.ok()) return true;
  if (absl::IsNotFound(plain.status())) {
    ++report_.erased;
    return true;
  }
  ProblemIfError(where, plain.status());
  return false;
}

std::string Where(Family family, std::string_view key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(FamilyName(family));
  text.push_back(' ');
  for (const char c : key) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte > 0x20 && byte < 0x7f) {
      text.push_back(c);
    } else {
      text.append("\\x");
      text.push_back(kDigits[byte >> 4]);
      text.push_back(kDigits[byte & 0xf]);
    }
  }
  return text;
}

absl::Status CheckSealedValues(const Database& db, Vault* vault) {
  const VerifyOptions options;
  Verifier verifier(&db, vault, &options);
  VerifyJournal(&verifier);
  VerifyTables(&verifier);
  if (verifier.report().clean()) return absl::OkStatus();
  return absl::DataLossError(verifier.report().problems.front().ToString());
}

absl::StatusOr<VerifyReport> VerifyStore(const VerifyPlace& place, const VerifyOptions& options) {
  absl::StatusOr<std::unique_ptr<Vault>> vault = Vault::Open(place.keys, true, true);
  if (!vault.ok()) return vault.status();
  DatabaseOptions database;
  database.directory = place.database;
  database.read_only = true;
  const absl::StatusOr<std::unique_ptr<Database>> db = Database::Open(database);
  if (!db.ok()) return db.status();
  Verifier verifier(db->get(), vault->get(), &options);
  for (void (*const check)(Verifier*) :
       {VerifyFiles, VerifyMeta, VerifyJournal, VerifyTables, VerifyAudit, VerifyIndex,
        VerifyOutbox, VerifyGate, VerifyHistory, VerifyArtefacts}) {
    check(&verifier);
    if (verifier.cancelled()) return absl::CancelledError("stopped");
  }
  return std::move(verifier.report());
}

}  // namespace hallwarden::storage
