// Directives are numbered 1, 2, 3, ... for each server; the outbox holds those without an answer.
#include <map>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

class OutboxCheck {
 public:
  explicit OutboxCheck(Verifier* verifier) : verifier_(verifier) {}

  void Run() {
    Servers();
    verifier_->Scan(Family::kDirectives, {}, [this](std::string_view key, std::string_view value) {
      Directive(key, value);
    });
    verifier_->Scan(Family::kOutbox, {},
                    [this](std::string_view key, std::string_view value) { Outbox(key, value); });
    for (const auto& [server, seen] : servers_)
      Totals(server, seen);
  }

 private:
  struct Server {
    bool has_row = false;
    ServerRow row;
    std::int64_t last = 0;
    std::int64_t unanswered = 0;
  };

  void Servers() {
    verifier_->Scan(Family::kTables, RowKey(Table::kServer, {}),
                    [&](std::string_view key, std::string_view value) {
                      const absl::StatusOr<ServerRow> row = DecodeServer(value);
                      verifier_->ProblemIfError(Where(Family::kTables, key), row.status());
                      if (!row.ok()) return;
                      Server& server = servers_[std::string(key.substr(1))];
                      server.has_row = true;
                      server.row = *row;
                    });
  }

  void Directive(std::string_view key, std::string_view value) {
    const std::string where = Where(Family::kDirectives, key);
    KeyReader in(key);
    Server& server = servers_[in.Name()];
    const std::int64_t seq = in.I64();
    if (!in.done()) return verifier_->Problem(where, "has a malformed key");
    if (seq != server.last + 1) {
      verifier_->Problem(
          where, "directive " + std::to_string(seq) + " follows " + std::to_string(server.last));
    }
    server.last = seq;
    DirectiveRow row;
    // What does not decode was reported with the tables.
    if (!verifier_->codec().Decode({Family::kDirectives, std::string(key)}, value, &row).ok()) {
      return;
    }
    if (row.directive.directive_seq() != seq) {
      verifier_->Problem(where, "holds directive " + std::to_string(row.directive.directive_seq()));
    }
    const bool open = row.outcome == v1::DIRECTIVE_OUTCOME_UNSPECIFIED;
    const bool dropped = seq <= server.row.dropped_through;
    if (open && !dropped) ++server.unanswered;
    const bool queued = verifier_->Has(Family::kOutbox, key);
    if (open && !dropped && !queued) {
      verifier_->Problem(where, "has no answer and is not in the outbox: it is never sent again");
    }
    if (!open && queued) verifier_->Problem(where, "is answered and still in the outbox");
  }

  void Outbox(std::string_view key, std::string_view value) {
    const std::string where = Where(Family::kOutbox, key);
    verifier_->ProblemIfError(where, DecodeNumber(value).status());
    if (!verifier_->Has(Family::kDirectives, key)) {
      verifier_->Problem(where, "its directive is missing");
    }
  }

  void Totals(const std::string& name, const Server& server) {
    const std::string where = "tables server " + name;
    if (!server.has_row) return verifier_->Problem(where, "is missing, but has directives");
    const OutboxState& state = server.row.state;
    if (state.last_directive_seq != server.last) {
      verifier_->Problem(where, "says the last directive is " +
                                    std::to_string(state.last_directive_seq) + ", it is " +
                                    std::to_string(server.last));
    }
    if (state.unanswered != server.unanswered) {
      verifier_->Problem(where, "says " + std::to_string(state.unanswered) +
                                    " directives have no answer, it is " +
                                    std::to_string(server.unanswered));
    }
  }

  Verifier* const verifier_;
  std::map<std::string, Server> servers_;
};

}  // namespace

void VerifyOutbox(Verifier* verifier) {
  verifier->Begin("outbox");
  OutboxCheck(verifier).Run();
}

}  // namespace hallwarden::storage
