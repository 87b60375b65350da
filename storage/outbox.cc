// Directives and what became of them, and the rows that the daemon loads when it starts.
#include "storage/key.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

// Name of what a directive orders, for example `set_restrictions`.
std::string ActionOf(const v1::Directive& directive) {
  const google::protobuf::OneofDescriptor* const oneof =
      v1::Directive::descriptor()->FindOneofByName("action");
  const google::protobuf::FieldDescriptor* const field =
      directive.GetReflection()->GetOneofFieldDescriptor(directive, oneof);
  return field == nullptr ? std::string() : field->name();
}

}  // namespace

absl::StatusOr<ServerRow> StoreImpl::Server(std::string_view server,
                                            const Snapshot* snapshot) const {
  const absl::StatusOr<std::optional<std::string>> value =
      parts_.db->Get(Family::kTables, RowKey(Table::kServer, server), snapshot);
  if (!value.ok()) return value.status();
  return value->has_value() ? DecodeServer(**value) : ServerRow{};
}

absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> StoreImpl::Servers(
    const Snapshot* snapshot) const {
  std::vector<std::pair<std::string, ServerRow>> servers;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kTables, RowKey(Table::kServer, {})),
      [&](std::string_view key, std::string_view value) {
        absl::StatusOr<ServerRow> row = DecodeServer(value);
        failed = row.status();
        if (row.ok()) servers.emplace_back(std::string(key.substr(1)), *std::move(row));
        return failed.ok();
      },
      snapshot);
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return servers;
}

absl::StatusOr<std::vector<v1::Directive>> StoreImpl::ReadOutbox(std::string_view server,
                                                                 std::int64_t from,
                                                                 std::size_t limit) {
  std::vector<v1::Directive> directives;
  if (limit == 0) return directives;
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  const absl::StatusOr<ServerRow> row = Server(server, &snapshot);
  if (!row.ok()) return row.status();
  KeyRange range = KeyRange::Prefix(Family::kOutbox, Key().Name(server).Take());
  range.begin = DirectiveKey(server, std::max(from, row->dropped_through + 1));
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      range,
      [&](std::string_view key, std::string_view) {
        DirectiveRow directive;
        failed = ReadIndexed({Family::kDirectives, std::string(key)}, &directive, &snapshot);
        if (failed.ok()) directives.push_back(std::move(directive.directive));
        return failed.ok() && directives.size() < limit;
      },
      &snapshot);
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return directives;
}

absl::StatusOr<v1::Directive> StoreImpl::GetDirective(std::string_view server,
                                                      std::int64_t directive_seq) {
  DirectiveRow row;
  const std::string name =
      "directive " + std::to_string(directive_seq) + " of " + std::string(server);
  if (absl::Status status =
          ReadRow({Family::kDirectives, DirectiveKey(server, directive_seq)}, name, &row);
      !status.ok()) {
    return status;
  }
  return std::move(row.directive);
}

absl::StatusOr<v1::DirectiveStatus> StoreImpl::StatusOf(std::string_view key,
                                                        const Snapshot* snapshot) const {
  DirectiveRow row;
  if (absl::Status status = ReadIndexed({Family::kDirectives, std::string(key)}, &row, snapshot);
      !status.ok()) {
    return status;
  }
  v1::DirectiveStatus result;
  result.set_server(KeyReader(key).Name());
  result.set_directive_seq(row.directive.directive_seq());
  result.set_directive_id(row.directive.directive_id());
  result.set_action(ActionOf(row.directive));
  result.set_outcome(row.outcome);
  result.set_detail(row.detail);
  if (row.directive.has_create_time()) {
    *result.mutable_create_time() = row.directive.create_time();
  }
  if (row.outcome != v1::DIRECTIVE_OUTCOME_UNSPECIFIED) {
    SetTimestamp(row.result_us, result.mutable_result_time());
    return result;
  }
  const absl::StatusOr<ServerRow> server = Server(result.server(), snapshot);
  if (!server.ok()) return server.status();
  if (result.directive_seq() <= server->dropped_through) {
    result.set_detail("dropped: the server was retired");
  }
  return result;
}

absl::StatusOr<std::vector<v1::DirectiveStatus>> StoreImpl::DirectivesOf(std::string_view cause) {
  std::vector<v1::DirectiveStatus> directives;
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  const std::string prefix = Key(Byte(Index::kDirectivesByCause)).Name(cause).Take();
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kIndex, prefix),
      [&](std::string_view key, std::string_view) {
        absl::StatusOr<v1::DirectiveStatus> status = StatusOf(key.substr(prefix.size()), &snapshot);
        failed = status.status();
        if (status.ok()) directives.push_back(*std::move(status));
        return failed.ok();
      },
      &snapshot);
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return directives;
}

absl::StatusOr<std::vector<v1::DirectiveStatus>> StoreImpl::Unanswered(std::int64_t before_us,
                                                                       std::size_t limit) {
  std::vector<v1::DirectiveStatus> directives;
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  const absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> servers = Servers(&snapshot);
  if (!servers.ok()) return servers.status();
  for (const auto& [server, row] : *servers) {
    if (row.state.unanswered == 0) continue;
    KeyRange range = KeyRange::Prefix(Family::kOutbox, Key().Name(server).Take());
    range.begin = DirectiveKey(server, row.dropped_through + 1);
    absl::Status failed;
    // A server's directives are numbered in the order of their times: the first younger one ends
    // it.
    absl::Status scanned = parts_.db->Scan(
        range,
        [&](std::string_view key, std::string_view value) {
          const absl::StatusOr<std::uint64_t> create_us = DecodeNumber(value);
          failed = create_us.status();
          if (!failed.ok() || static_cast<std::int64_t>(*create_us) >= before_us ||
              directives.size() >= limit) {
            return false;
          }
          absl::StatusOr<v1::DirectiveStatus> status = StatusOf(key, &snapshot);
          failed = status.status();
          if (status.ok()) directives.push_back(*std::move(status));
          return failed.ok();
        },
        &snapshot);
    if (!scanned.ok()) return scanned;
    if (!failed.ok()) return failed;
  }
  return directives;
}

absl::StatusOr<std::vector<std::pair<std::string, OutboxState>>> StoreImpl::Outboxes() {
  absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> servers = Servers(nullptr);
  if (!servers.ok()) return servers.status();
  std::vector<std::pair<std::string, OutboxState>> outboxes;
  for (auto& [server, row] : *servers)
    outboxes.emplace_back(std::move(server), row.state);
  return outboxes;
}

absl::Status StoreImpl::ScanGate(const std::function<void(const v1::GateEntry&)>& visit) {
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kGate, {}), [&](std::string_view key, std::string_view value) {
        const absl::StatusOr<v1::GateEntry> entry = DecodeGate(key, value);
        failed = entry.status();
        if (entry.ok()) visit(*entry);
        return failed.ok();
      });
  return scanned.ok() ? failed : scanned;
}

absl::StatusOr<std::vector<Timer>> StoreImpl::Timers() {
  std::vector<Timer> timers;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(KeyRange::Prefix(Family::kTimers, {}),
                                         [&](std::string_view key, std::string_view) {
                                           absl::StatusOr<Timer> timer = DecodeTimer(key);
                                           failed = timer.status();
                                           if (timer.ok()) timers.push_back(*std::move(timer));
                                           return failed.ok();
                                         });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return timers;
}

}  // namespace hallwarden::storage
