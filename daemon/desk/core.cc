#include "daemon/desk/core.h"

#include <utility>

namespace hallwarden::daemon {
namespace {

void AddAccount(Engine* engine, const std::string& account, std::int64_t now_us, Glance* glance) {
  std::optional<v1::Account> dossier = engine->Dossier("", account, now_us);
  if (!dossier.has_value()) return;
  glance->accounts.push_back({*std::move(dossier), engine->Profile("", account)});
}

class SequencerCore final : public DeskCore {
 public:
  explicit SequencerCore(Sequencer* sequencer) : sequencer_(sequencer) {}

  void SubmitCommand(v1::Command command, CommandDone done) override {
    sequencer_->SubmitCommand(std::move(command), std::move(done));
  }

  void Rehearse(v1::Command command, CommandDone done) override {
    sequencer_->Rehearse(std::move(command), std::move(done));
  }

  void LookAtPolicy(GlanceDone done) override {
    Look([](Engine*, std::int64_t, Glance*) {}, std::move(done));
  }

  void LookAtServer(const std::string& server, GlanceDone done) override {
    Look([server](Engine* engine, std::int64_t now_us,
                  Glance* glance) { glance->server = engine->Server(server, now_us); },
         std::move(done));
  }

  void LookAtRules(GlanceDone done) override {
    Look([](Engine* engine, std::int64_t now_us,
            Glance* glance) { glance->rules = engine->Rules(now_us); },
         std::move(done));
  }

  void LookAtBanks(const Engine::BankFilter& filter, GlanceDone done) override {
    Look([filter](Engine* engine, std::int64_t,
                  Glance* glance) { glance->banks = engine->BankEntries(filter); },
         std::move(done));
  }

  void LookAtAvatar(const v1::AvatarChanged& avatar, GlanceDone done) override {
    Look([avatar](Engine* engine, std::int64_t now_us,
                  Glance* glance) { glance->tested = engine->TestAvatar(avatar, now_us); },
         std::move(done));
  }

  void LookAtLexicon(bool hits, GlanceDone done) override {
    Look(
        [hits](Engine* engine, std::int64_t, Glance* glance) {
          glance->lexicon = engine->Lexicon();
          if (hits) glance->lexicon_hits = engine->LexiconHits();
        },
        std::move(done));
  }

  void LookAtAccount(const std::string& account, GlanceDone done) override {
    Look([account](Engine* engine, std::int64_t now_us,
                   Glance* glance) { AddAccount(engine, account, now_us, glance); },
         std::move(done));
  }

  void LookAtNamesakes(const std::string& nickname, const std::string& after, std::size_t limit,
                       GlanceDone done) override {
    Look(
        [nickname, after, limit](Engine* engine, std::int64_t now_us, Glance* glance) {
          for (const std::string& account : engine->AccountsNamed(nickname)) {
            if (glance->accounts.size() == limit) break;
            if (account > after) AddAccount(engine, account, now_us, glance);
          }
        },
        std::move(done));
  }

  std::vector<storage::StoredPosting> Tail(std::string_view account,
                                           std::int64_t since_us) const override {
    return sequencer_->Tail(account, since_us);
  }
  std::vector<SourceState> Sources() const override { return sequencer_->Sources(); }
  SequencerStats Stats() const override { return sequencer_->Stats(); }
  std::int64_t NowUs() const override { return sequencer_->NowUs(); }

 private:
  template <class Gather>
  void Look(Gather gather, GlanceDone done) {
    auto glance = std::make_shared<Glance>();
    sequencer_->Look(
        [glance, gather = std::move(gather)](EngineRunner& runner, std::int64_t now_us) {
          glance->policy = runner.engine().ActivePolicy();
          gather(&runner.engine(), now_us, glance.get());
        },
        [glance, done = std::move(done)](const absl::Status& status) {
          if (status.ok()) {
            done(std::move(*glance));
          } else {
            done(status);
          }
        });
  }

  Sequencer* sequencer_;
};

}  // namespace

std::unique_ptr<DeskCore> MakeDeskCore(Sequencer* sequencer) {
  return std::make_unique<SequencerCore>(sequencer);
}

}  // namespace hallwarden::daemon
