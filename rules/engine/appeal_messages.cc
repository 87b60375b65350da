// What is said about an appeal: to the player, by him, and among colleagues.
#include <string>
#include <utility>

#include "rules/engine/appeal_commands.h"
#include "rules/policy/notice.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// The words of the desk, a canned reply filled in first, in the player's language.
std::string WordsOf(const CommandContext& context, const AccountRef& ref, const AppealRef& found,
                    const v1::CreateAppealMessageRequest& request) {
  const policy::NoticeTemplate* reply = context.step.policy->FindReply(request.canned_reply());
  if (reply == nullptr) return request.text();
  const v1::LocalizedText filled = AppealWords(context.step, ref, found, *reply);
  std::string words = found.mark->english ? filled.en() : filled.zh();
  if (!request.text().empty()) words += "\n" + request.text();
  return words;
}

Outcome CheckReply(const CommandContext& context, const AppealRef& found,
                   const v1::CreateAppealMessageRequest& request, const v1::CannedReply* reply) {
  const std::string& id = request.canned_reply();
  if (id.empty()) {
    if (!request.text().empty()) return std::nullopt;
    return Refuse(Code::kInvalidArgument, "TEXT_REQUIRED", "say something, or name a reply");
  }
  if (reply == nullptr) {
    return Refuse(Code::kInvalidArgument, "UNKNOWN_REPLY",
                  "the policy has no canned reply " + id + ": list them first", {{"reply", id}});
  }
  if (policy::IsFor(*reply, found.sanction->offence)) return std::nullopt;
  const std::string offence = v1::Offence_Name(found.sanction->offence);
  return Refuse(Code::kInvalidArgument, "REPLY_DOES_NOT_FIT",
                "reply " + id + " is not for " + offence + ": " + context.step.policy->revision() +
                    " says so",
                {{"reply", id}, {"offence", offence}});
}

Outcome SayForDesk(CommandContext* context, const AccountRef& ref, const AppealRef& found,
                   const v1::CreateAppealMessageRequest& request) {
  const Step& step = context->step;
  const policy::AppealSettings& settings = step.policy->appeals();
  const v1::CannedReply* reply =
      policy::FindReply(step.policy->source().appeals(), request.canned_reply());
  Outcome bad = CheckReply(*context, found, request, reply);
  if (!bad.has_value()) bad = CheckRoom(found);
  if (bad.has_value()) return bad;
  AppealMark& mark = *found.mark;
  const std::string before = StandingOf(mark);
  const bool asks =
      request.asks() || (reply != nullptr && reply->stage() == v1::REPLY_STAGE_ASKING);
  const bool first = mark.first_answer_us == 0;
  if (first) mark.first_answer_us = step.now_us;
  mark.player_messages = 0;
  if (asks) {
    SetSide(step, ref, found, v1::APPEAL_SIDE_PLAYER, settings.player_us);
  } else if (first) {
    // He was answered in time; the decision has a time of its own.
    SetSide(step, ref, found, v1::APPEAL_SIDE_DESK, settings.decide_us);
  }
  GiveClaim(step, ref, found, context->actor());
  v1::Appeal change = ChangeOf(step, ref, found);
  AddMessage(
      step, context->actor(), found,
      {v1::APPEAL_SIDE_DESK, false, WordsOf(*context, ref, found, request), request.canned_reply()},
      &change);
  const auto text = asks ? policy::AppealText::kAsked : policy::AppealText::kAnswered;
  if (!context->options.silent()) {
    TellPlayer(step, ref, found,
               AppealWords(step, ref, found, step.policy->AppealNotice(text), mark.due_us));
  }
  if (asks) context->Plan("due", {}, Same(LocalTextOf(step, mark.due_us)));
  FinishAppeal(context, found, std::move(change), before);
  PostAppeal(step, ref, found,
             {asks ? PostingDetail::kAppealAsked : PostingDetail::kAppealAnswered,
              context->actor().principal(), 0});
  return std::nullopt;
}

Outcome SayForPlayer(CommandContext* context, const AccountRef& ref, const AppealRef& found,
                     const v1::CreateAppealMessageRequest& request) {
  const Step& step = context->step;
  AppealMark& mark = *found.mark;
  if (request.asks() || !request.canned_reply().empty()) {
    return Refuse(Code::kInvalidArgument, "NOT_FOR_PLAYERS",
                  "a player neither asks nor uses canned replies: pass on his words");
  }
  if (request.text().empty()) {
    return Refuse(Code::kInvalidArgument, "TEXT_REQUIRED", "pass on what he said");
  }
  const std::uint32_t most = step.policy->appeals().player_messages;
  if (mark.player_messages >= most) {
    return Refuse(Code::kResourceExhausted, "APPEAL_MESSAGES",
                  "he wrote " + std::to_string(most) + " messages: the desk answers first",
                  {{"max", std::to_string(most)}});
  }
  if (Outcome bad = CheckRoom(found); bad.has_value()) return bad;
  const std::string before = StandingOf(mark);
  ++mark.player_messages;
  if (mark.side == v1::APPEAL_SIDE_PLAYER) {
    SetSide(step, ref, found, v1::APPEAL_SIDE_DESK, step.policy->appeals().decide_us);
  }
  v1::Appeal change = ChangeOf(step, ref, found);
  AddMessage(step, context->actor(), found, {v1::APPEAL_SIDE_PLAYER, false, request.text(), ""},
             &change);
  FinishAppeal(context, found, std::move(change), before);
  PostAppeal(step, ref, found, {PostingDetail::kAppealPlayerSaid, context->actor().principal(), 0});
  return std::nullopt;
}

}  // namespace

void AddMessage(const Step& step, const v1::Actor& actor, const AppealRef& found, const Said& said,
                v1::Appeal* change) {
  v1::AppealMessage& message = *change->add_messages();
  message.set_number(static_cast<std::int32_t>(++found.mark->messages));
  message.set_side(said.side);
  message.set_internal(said.internal);
  message.set_text(said.text);
  message.set_canned_reply(said.canned_reply);
  *message.mutable_actor() = actor;
  SetTimestamp(step.now_us, message.mutable_create_time());
}

Outcome CheckRoom(const AppealRef& found) {
  if (found.mark->messages < AppealCell::kMessagesMax) return std::nullopt;
  const std::string most = std::to_string(AppealCell::kMessagesMax);
  return Refuse(Code::kFailedPrecondition, "APPEAL_FULL",
                found.name() + " has " + most + " messages: decide it",
                {{"name", found.name()}, {"max", most}});
}

Outcome SayInAppeal(CommandContext* context, const AccountRef& ref,
                    const v1::CreateAppealMessageRequest& request) {
  const bool player = request.from_player() || context->actor().role() == v1::ROLE_GAME_SERVER;
  AppealRef found;
  Outcome bad = TakeAppeal(*context, ref, request.parent(), {.held = !player}, &found);
  if (bad.has_value()) return bad;
  return player ? SayForPlayer(context, ref, found, request)
                : SayForDesk(context, ref, found, request);
}

Outcome NoteInAppeal(CommandContext* context, const AccountRef& ref,
                     const v1::CreateAppealNoteRequest& request) {
  AppealRef found;
  Outcome bad = TakeAppeal(*context, ref, request.parent(), {.open = false}, &found);
  if (!bad.has_value()) bad = CheckRoom(found);
  if (bad.has_value()) return bad;
  const std::string before = StandingOf(*found.mark);
  if (found.mark->holder == context->actor().principal()) {
    GiveClaim(context->step, ref, found, context->actor());
  }
  v1::Appeal change = ChangeOf(context->step, ref, found);
  AddMessage(context->step, context->actor(), found,
             {v1::APPEAL_SIDE_DESK, true, request.text(), ""}, &change);
  FinishAppeal(context, found, std::move(change), before);
  return std::nullopt;
}

}  // namespace hallwarden
