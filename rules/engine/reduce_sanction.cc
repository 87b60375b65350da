// A sanction made shorter or milder. The arithmetic is in rules/appeal.
#include <utility>

#include "rules/engine/sanction_change.h"
#include "rules/policy/notice.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// What a refused login reads: the sanction as it stands now.
v1::LocalizedText NoticeOf(const Step& step, const AccountRef& ref, const SanctionMark& mark) {
  policy::NoticeContext context;
  context.account = ref.account;
  context.sanction = mark.id;
  context.game = mark.scope_game;
  context.offence = mark.offence;
  context.category = mark.category;
  context.time_us = mark.create_us;
  context.until_us = mark.permanent ? 0 : UntilOf(mark);
  context.term_us = mark.term_us;
  return policy::Render(*step.policy,
                        policy::StandardTemplate(mark.kind, mark.capabilities, mark.permanent),
                        context);
}

}  // namespace

void ReduceSanction(const Step& step, const AccountRef& ref, SanctionMark* mark,
                    const appeal::Reduced& to, v1::Reduction reduction) {
  const bool active = mark->state == v1::SANCTION_STATE_ACTIVE;
  if (active && mark->end_us != 0) {
    step.Emit(ClearTimer{TimerOf(ref, *mark, TimerKind::kExpiry, mark->end_us)});
  }
  mark->permanent = to.permanent;
  mark->term_us = to.permanent ? 0 : to.term_us;
  mark->capabilities = to.capabilities;
  mark->end_us = to.end_us;
  if (to.over) mark->state = v1::SANCTION_STATE_EXPIRED;
  if (active && !to.over && !to.permanent) {
    step.Emit(SetTimer{TimerOf(ref, *mark, TimerKind::kExpiry, mark->end_us)});
  }
  PatchSanction patch = PatchOf(ref, mark);
  patch.state = mark->state;
  if (to.end_us != 0) patch.end_us = to.end_us;
  patch.reduction = std::move(reduction);
  if (!mark->silent) {
    const v1::LocalizedText notice = NoticeOf(step, ref, *mark);
    mark->notice_zh = notice.zh();
    mark->notice_en = notice.en();
    patch.notice = notice;
  }
  const std::string principal = patch.reduction->actor().principal();
  step.Emit(std::move(patch));
  PostSanction(step, ref, *mark, PostingDetail::kSanctionCredited, principal);
  Republish(step, ref, "sanctions/" + mark->id);
}

}  // namespace hallwarden
