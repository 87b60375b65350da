// Names, signatures and avatars that a game server is to put back.
#include <utility>

#include "rules/engine/sanction_change.h"
#include "rules/engine/sanctions.h"
#include "rules/policy/notice.h"
#include "rules/state/codec.h"
#include "rules/state/ids.h"

namespace hallwarden {

void ResetNickname(const Step& step, const AccountRef& ref, std::string_view cause) {
  AccountRest& rest = ref.cell->Rest();
  rest.reset_nickname = ref.cell->nickname;
  v1::Directive directive = NewDirective(step, ref, cause);
  directive.set_directive_id(DirectiveId(ref.account, "reset_nickname", rest.next_ordinal++));
  auto& reset = *directive.mutable_reset_nickname();
  reset.set_replacement(policy::NeutralNickname(*step.policy, ref.key.id.lo));
  reset.set_fingerprint(ToHex(ref.cell->nickname));
  SendToPresences(step, ref, std::move(directive));
}

void ResetSignature(const Step& step, const AccountRef& ref, std::string_view cause) {
  AccountRest& rest = ref.cell->Rest();
  rest.reset_signature = ref.cell->signature;
  v1::Directive directive = NewDirective(step, ref, cause);
  directive.set_directive_id(DirectiveId(ref.account, "reset_signature", rest.next_ordinal++));
  directive.mutable_reset_signature();
  SendToPresences(step, ref, std::move(directive));
}

void ResetAvatar(const Step& step, const AccountRef& ref, std::string_view cause) {
  AccountRest& rest = ref.cell->Rest();
  rest.reset_avatar = rest.avatar;
  v1::Directive directive = NewDirective(step, ref, cause);
  directive.set_directive_id(DirectiveId(ref.account, "reset_avatar", rest.next_ordinal++));
  directive.mutable_reset_avatar();
  SendToPresences(step, ref, std::move(directive));
}

}  // namespace hallwarden
