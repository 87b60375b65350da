#include "tests/storage/store_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "storage/format.h"

namespace hallwarden::storage {

TempDirectory::TempDirectory() {
  // In memory where that is possible: most of a test's time is waiting for syncs.
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::is_directory(memory, error)
                                           ? memory
                                           : std::filesystem::temp_directory_path();
  path_ = (parent / "hw_storage_XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) std::abort();
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

GroupBuilder& GroupBuilder::Event(std::string_view source, std::uint64_t source_seq,
                                  std::string_view payload) {
  JournalEntry entry;
  entry.source = std::string(source);
  entry.source_seq = source_seq;
  entry.payload = std::string(payload);
  entry.content_hash = 0x1122334455667788ULL + source_seq;
  group_.positions.push_back({entry.source, source_seq, 1});
  return Add(std::move(entry));
}

GroupBuilder& GroupBuilder::Add(JournalEntry entry) {
  entry.position = next_;
  entry.commit_us = TestTime(next_);
  ++next_;
  ordinal_ = 0;
  group_.entries.push_back(std::move(entry));
  return *this;
}

GroupBuilder& GroupBuilder::With(Effect effect) {
  const JournalEntry& entry = group_.entries.back();
  group_.effects.push_back({entry.position, ordinal_++, entry.commit_us, std::move(effect)});
  return *this;
}

StoreOptions StoreTest::Options() const {
  StoreOptions options;
  options.directory = directory_.store();
  options.block_cache_bytes = std::size_t{4} << 20;
  return options;
}

void StoreTest::Open() {
  Close();
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(Options());
  ASSERT_TRUE(store.ok()) << store.status();
  store_ = *std::move(store);
}

std::uint64_t StoreTest::Commit(std::vector<Effect> effects) {
  GroupBuilder group = Next();
  group.Event("hall-1", store_->last_position() + 1);
  for (Effect& effect : effects)
    group.With(std::move(effect));
  const absl::Status status = store_->Commit(group.Take());
  EXPECT_TRUE(status.ok()) << status;
  return group.position();
}

v1::Finding MakeFinding(std::string_view account, std::string_view text) {
  v1::Finding finding;
  finding.set_account(std::string(account));
  finding.set_offence(v1::OFFENCE_NAME);
  v1::Evidence* const evidence = finding.add_evidence();
  evidence->set_surface("nickname");
  evidence->set_text(std::string(text));
  return finding;
}

v1::Sanction MakeSanction(std::string_view id, std::string_view account, std::string_view text) {
  v1::Sanction sanction;
  sanction.set_name("sanctions/" + std::string(id));
  sanction.set_account(std::string(account));
  sanction.set_kind(v1::SANCTION_KIND_RESTRICTION);
  sanction.set_state(v1::SANCTION_STATE_PENDING);
  sanction.set_revision(1);
  *sanction.mutable_finding() = MakeFinding(account, text);
  return sanction;
}

v1::Case MakeCase(std::string_view id, std::string_view account) {
  v1::Case opened;
  opened.set_name("cases/" + std::string(id));
  opened.set_account(std::string(account));
  opened.set_state(v1::CASE_STATE_OPEN);
  opened.set_finding_count(1);
  opened.set_revision(1);
  *opened.add_findings() = MakeFinding(account, "first words");
  return opened;
}

v1::Directive MakeDirective(std::int64_t seq, std::string_view account, std::string_view cause) {
  v1::Directive directive;
  directive.set_directive_seq(seq);
  directive.set_directive_id("d" + std::to_string(seq));
  directive.set_account(std::string(account));
  directive.set_cause(std::string(cause));
  directive.mutable_warn()->mutable_notice()->set_en("mind your words");
  SetTimestamp(TestTime(static_cast<std::uint64_t>(seq)), directive.mutable_create_time());
  return directive;
}

PatchSanction MakePatch(std::string_view name, std::int64_t revision) {
  PatchSanction patch;
  patch.name = std::string(name);
  patch.revision = revision;
  return patch;
}

PatchCase MakeCasePatch(std::string_view name, std::int64_t revision) {
  PatchCase patch;
  patch.change.set_name(std::string(name));
  patch.change.set_revision(revision);
  patch.change.set_state(v1::CASE_STATE_OPEN);
  return patch;
}

Answer MakeAnswer(std::string_view principal, std::string_view request_id, std::int64_t expire_us) {
  Answer answer;
  answer.principal = std::string(principal);
  answer.request_id = std::string(request_id);
  answer.body_hash = "body";
  answer.expire_us = expire_us;
  return answer;
}

StoredPosting MakePosting(std::uint64_t position, std::uint32_t ordinal, std::string_view account,
                          std::string_view resource) {
  StoredPosting posting;
  posting.position = position;
  posting.ordinal = ordinal;
  posting.commit_us = TestTime(position);
  posting.posting.account = std::string(account);
  posting.posting.kind = v1::TIMELINE_KIND_SESSION;
  posting.posting.event_us = posting.commit_us - 1;
  posting.posting.resource = std::string(resource);
  return posting;
}

}  // namespace hallwarden::storage
