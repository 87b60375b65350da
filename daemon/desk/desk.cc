#include "daemon/desk/desk.h"

#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk_util.h"

namespace hallwarden::daemon {

Desk::Desk(const DeskParts& parts)
    : store_(parts.store),
      core_(parts.core),
      pool_(parts.pool),
      artefacts_(parts.artefacts),
      space_(parts.space),
      notary_(parts.notary),
      lexicons_(parts.store) {}

void Desk::AuditRefusal(const Call& call, std::string_view resource, const absl::Status& refusal,
                        std::function<void()> done) {
  const Refusal why = RefusalOf(refusal);
  v1::Command command = CommandFrom(call.principal);
  v1::RefusedCall& refused = *command.mutable_refused_call();
  refused.set_method(call.method);
  refused.set_resource(std::string(resource));
  refused.set_code(why.code);
  refused.set_error_reason(why.reason);
  core_->SubmitCommand(std::move(command), [this, done = std::move(done)](const CommandOutcome&) {
    pool_->Continue(done);
  });
}

DeskCore::GlanceDone Desk::WithGlance(Done done, std::function<void(const Glance&)> next) {
  return
      [this, done = std::move(done), next = std::move(next)](const absl::StatusOr<Glance>& glance) {
        if (!glance.ok()) {
          pool_->Continue([status = glance.status(), done] { done(status); });
          return;
        }
        pool_->Continue([seen = *glance, next] { next(seen); });
      };
}

}  // namespace hallwarden::daemon
