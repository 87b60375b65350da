// Appeals: on their way through the desk's queue, what players are told about them, and how they
// end. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_APPEALS_H_
#define HALLWARDEN_RULES_ENGINE_APPEALS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/appeal.pb.h"

#include "rules/engine/step.h"
#include "rules/state/appeal_cell.h"

namespace hallwarden {

// One appeal and the sanction that it is against. Null: there is none. Valid until the account gets
// another appeal or sanction.
struct AppealRef {
  AppealMark* mark = nullptr;
  SanctionMark* sanction = nullptr;

  explicit operator bool() const { return mark != nullptr; }
  [[nodiscard]] std::string name() const { return "appeals/" + mark->id; }
};

// The account's appeals, made when missing.
[[nodiscard]] AppealCell& AppealsOf(const Step& step, const AccountRef& ref);

[[nodiscard]] AppealRef FindAppeal(const Step& step, const AccountRef& ref, std::string_view id);

// How the appeal stands now, for the store: everything singular that its way through the queue
// changes. Raises its revision. What is added to its messages is appended there.
[[nodiscard]] v1::Appeal ChangeOf(const Step& step, const AccountRef& ref, const AppealRef& found);
// Fills the same in for a new one.
void Describe(const Step& step, const AppealRef& found, v1::Appeal* appeal);
// Writes how it stands into `change` once more, after something changed, and sends it.
void SendChange(const Step& step, const AppealRef& found, v1::Appeal change);

// A line of the account's history and of the feed.
struct AppealNews {
  PostingDetail detail = PostingDetail::kNone;
  std::string_view principal;  // empty: nobody's doing
  std::int64_t amount = 0;
};
void PostAppeal(const Step& step, const AccountRef& ref, const AppealRef& found,
                const AppealNews& news);

// `side` is to move within `within_us` from now on. Whoever was overdue is not any more.
void SetSide(const Step& step, const AccountRef& ref, const AppealRef& found, v1::AppealSide side,
             std::int64_t within_us);

// Gives it to the actor for the policy's lease, from now on.
void GiveClaim(const Step& step, const AccountRef& ref, const AppealRef& found,
               const v1::Actor& actor);
// Ends the claim. If only the author of the sanction had it so far, the player is told that he
// waits for somebody else.
void DropClaim(const Step& step, const AccountRef& ref, const AppealRef& found);

// What an appeal's text says about it and its sanction as both stand.
[[nodiscard]] v1::LocalizedText AppealWords(const Step& step, const AccountRef& ref,
                                            const AppealRef& found,
                                            const policy::NoticeTemplate& text,
                                            std::int64_t due_us = 0);

// Tells the player: wherever he is, and where he appealed. Nobody is there: at his next login. A
// newer notice takes the place of one that was not shown yet.
void TellPlayer(const Step& step, const AccountRef& ref, const AppealRef& found,
                const v1::LocalizedText& notice);

// Ends it without a decision, and tells the player.
void Withdraw(const Step& step, const AccountRef& ref, const AppealRef& found,
              v1::AppealWithdrawal why, const v1::Actor& actor);
// Takes it out of the queue, with its timers.
void Close(const Step& step, const AccountRef& ref, const AppealRef& found, v1::AppealState state);

// A timer of an appeal went off: a lease or somebody's time is over. Stale ones do nothing.
void OnAppealTimer(const Step& step, const AccountRef& ref, const v1::TimerFired& timer);
[[nodiscard]] bool IsAppealTimer(int kind);

// The sanction was lifted or ran out: an appeal against it may have nothing left to ask for.
void OnSanctionOver(const Step& step, const AccountRef& ref, const SanctionMark& sanction);

// The account appeared on `server`: what was not shown yet goes there.
void DeliverAppeals(const Step& step, const AccountRef& ref, std::string_view server);
// A game server answered an order to tell the player something.
void OnAppealNotice(const Step& step, const AccountRef& ref, const v1::DirectiveAnswered& answered);

// Place in the queue; empty once it is over. Changes with events alone.
[[nodiscard]] std::string QueueKey(const AppealMark& mark);

// `ap_...` of `appeals/ap_...`.
[[nodiscard]] std::string AppealId(std::string_view name);

// True for the one who imposed it; never for what a machine did.
[[nodiscard]] bool Imposed(const SanctionMark& sanction, std::string_view principal);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_APPEALS_H_
