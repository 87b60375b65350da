#include "tools/hallsim/options.h"

#include <chrono>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tools/hallsim/mix_traffic.h"
#include "tools/hallsim/play_traffic.h"
#include "tools/hallsim/story_traffic.h"

namespace hallwarden::hallsim {
namespace {

// Pace of the stories unless said otherwise: a day takes half a minute.
constexpr std::int64_t kStoryTimeScale = 1200;
// Events per simulated second of the mix when --rate gives none.
constexpr std::int64_t kMixRate = 10'000;

constexpr char kFixedStart[] = "2026-01-05T08:00:00+08:00";

constexpr char kAbout[] =
    "hallsim: plays the game servers of a hall against hallwardend, or writes what they would "
    "say.\n"
    "\n"
    "  hallsim --token-file FILE [--server ADDR] [--scenario demo] ...   streams and obeys\n"
    "  hallsim --out FILE.jsonl [--events N] ...                         writes proto3 JSON for "
    "relay";

constexpr char kNotes[] =
    "Scenarios\n"
    "  mix               Proportions of a busy hall, endless: give --events. 70 % turns, 12 % "
    "chat, 8 % settlements,\n"
    "                    4 % logged in or out, 3 % gold moves, 3 % others, after one registration "
    "per account.\n"
    "  demo              A short day: violating names (some rename again after the warning), "
    "adverts, insults, a partner\n"
    "                    cohort with stallers, farming rings, and innocents with names like a "
    "villain's.\n"
    "  play              Weeks of Dou Dizhu, mahjong and a game for two: honest people of many kinds, "
    "stallers, farming\n"
    "                    rings, mules, colluders, throwers, thieves, traders; see --days, --offenders, "
    "--turns. For the\n"
    "                    evaluator: --out FILE --labels TRUTH.tsv.\n"
    "  repeat-offenders  Offenders who take one violating name after the other, up the whole "
    "ladder. The rung after a\n"
    "                    term needs the account back: run the daemon with --test-clock and hallsim "
    "with --serve-terms\n"
    "                    --time-scale 0; or lift the bans (mercy) while --wait-locked-out runs; or "
    "use --disobedient.\n"
    "\n"
    "The server obeys: locked-out accounts are logged out and stop playing, at the end of the hand "
    "where the directive\n"
    "says so; reset nicknames are set and told back; warnings are answered APPLIED and, some "
    "simulated seconds later,\n"
    "SEEN; accounts without a session are answered NOT_HERE. Bans end when the daemon says so.\n"
    "\n"
    "Same flags and seed: same events, except where directives change the story. Event times begin "
    "at --start-time\n"
    "and never look at the wall clock (`now` reads it once). The daemon clamps times far from its "
    "own: use the default\n"
    "with a daemon on the wall clock, and a fixed time with `hallwardend --test-clock`.\n"
    "\n"
    "Token file: one token, or one line `server token` for each game server; with --servers K the "
    "first K lines.\n"
    "\n"
    "Exit codes: 0 done; 1 local failure (file, disk); 2 wrong flags; 3 refused by the daemon "
    "(token, role, protocol);\n"
    "4 fenced by another client with the same token; 5 the daemon's history and ours disagree; 130 "
    "interrupted.\n"
    "\n"
    "Examples\n"
    "  hallsim --token-file sim.token --scenario demo --labels demo.tsv\n"
    "  hallsim --token-file sim.token --events 1000000 --accounts 100000 --popularity uniform\n"
    "  hallsim --token-file sims.tokens --servers 4 --rate 2000 --events 100000 "
    "--kill-connection-every 5000\n"
    "  hallsim --out day.jsonl --scenario demo --labels day.tsv\n";

}  // namespace

tools::FlagSet MakeFlags(Options* o) {
  tools::FlagSet flags(kAbout, kNotes);
  flags.Group("What happens");
  flags.Add("scenario", &o->scenario, "NAME", "mix, demo, repeat-offenders or play");
  flags.Add("seed", &o->seed, {}, "seed of all chance");
  flags.Add("accounts", &o->accounts, {0, 1LL << 30U},
            "accounts per server; 0: 10,000 (mix), 2,000 (demo), 60 (repeat-offenders)");
  flags.Add("events", &o->events, {}, "stop after N events per server; 0: when the story is over");
  flags.Add("popularity", &o->popularity, "zipf|uniform",
            "mix: how accounts are chosen; zipf is 1/rank^0.9");
  flags.Add("account-prefix", &o->account_prefix, "TEXT",
            "how account names begin; servers add their number");
  flags.Add("no-prologue", &o->no_prologue,
            "mix: accounts log in when first chosen, not all at the beginning");
  flags.Add("login-only", &o->login_only, "mix: accounts exist already; none is registered");
  flags.Add("online", &o->online,
            "mix: accounts are logged in already, as an earlier run with as many left them");
  flags.Add("start-time", &o->start_time, "TIME",
            "event time of the first event, RFC 3339, or `now`; default: now when "
            "streaming, 2026-01-05T08:00:00+08:00 with --out");
  flags.Add("time-scale", &o->time_scale, {-1, 1'000'000},
            "simulated seconds per second. Stories: the pace, 0 as fast as possible, default 1200. "
            "mix: event times only, default 1");
  flags.Add("disobedient", &o->disobedient,
            "banned players play and rename on, as on a server that does not obey");
  flags.Add("serve-terms", &o->serve_terms,
            "repeat-offenders: the banned come back when their term is over in simulated time; for "
            "`hallwardend --test-clock`, with --time-scale 0");
  flags.Add("days", &o->days, {1, 366}, "play: days that the hall plays");
  flags.Add("offenders", &o->offenders_milli, {0, 1'000},
            "play: offenders per thousand honest accounts");
  flags.Add("turns", &o->turns_milli, {0, 1'000},
            "play: of a thousand accounts, those whose turns are told; stallers always");
  flags.Add("outages", &o->outages, {0, 100}, "play: times that part of the hall drops for 40 s");
  flags.Add("sparse", &o->sparse, "play: leave optional fields out");
  flags.Group("Where to");
  flags.Add("server", &o->daemon, "ADDR",
            "host:port or unix:path of hallwardend; HALLWARDEN_SERVER sets it too");
  flags.Add("tls-ca", &o->tls.ca, "FILE",
            "authorities of the daemon, PEM; default: those of this system. To another host the "
            "channel is always encrypted, to this one with any of these");
  flags.Add("tls-cert", &o->tls.certificate, "FILE",
            "the game server's certificate, PEM; {server} in it stands for its name in "
            "--token-file");
  flags.Add("tls-key", &o->tls.key, "FILE", "its private key, PEM; {server} as above");
  flags.Add("tls-server-name", &o->tls.server_name, "NAME",
            "the name in the daemon's certificate, if it is not the one dialled");
  flags.Add("plaintext", &o->plaintext, "allow a daemon on another host without encryption");
  flags.Add("token-file", &o->token_file, "FILE",
            "token, or lines `server token`; HALLWARDEN_TOKEN_FILE sets it too");
  flags.Add("servers", &o->servers, {1, 64},
            "game servers to play at once, each with a token of its own");
  flags.Add("state", &o->state, "DIR",
            "keep positions there, so that the next run continues as the same server");
  flags.Add("rate", &o->rate, {0, 10'000'000},
            "events per second and server; 0: as fast as possible");
  flags.Add("batch", &o->batch, {1, 4096}, "events per batch at most");
  flags.Add("kill-connection-every", &o->kill_connection_every, {},
            "break the connection after every N acknowledged events");
  flags.Add("linger", &o->linger_seconds, {0, 86'400},
            "seconds to wait for late directives at the end");
  flags.Add("wait-locked-out", &o->wait_locked_out_seconds, {0, 86'400},
            "repeat-offenders: seconds to ask the gate for those who served a term");
  flags.Group("Output");
  flags.Add("out", &o->out, "FILE", "write events there as JSON lines instead of streaming");
  flags.Add("labels", &o->labels, "FILE", "write the truth there: account, archetype, offence");
  flags.Add("partners", &o->partners, "FILE", "write partner accounts there: account, channel");
  flags.Add("quiet", &o->quiet, "no progress lines");
  return flags;
}

absl::Status Complete(const std::vector<std::string>& rest, Options* o) {
  if (!rest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("do not know what to do with `", rest.front(), "`"));
  }
  if (o->scenario != "mix" && o->scenario != "demo" && o->scenario != "repeat-offenders" &&
      o->scenario != "play") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--scenario takes mix, demo, repeat-offenders or play, not `", o->scenario, "`"));
  }
  if (o->popularity != "zipf" && o->popularity != "uniform") {
    return absl::InvalidArgumentError("--popularity takes zipf or uniform");
  }
  const bool mix = o->scenario == "mix";
  if (mix && o->events == 0) {
    return absl::InvalidArgumentError("--scenario mix never ends: give --events N");
  }
  if (o->accounts == 0) o->accounts = mix ? 10'000 : o->scenario == "repeat-offenders" ? 60 : 2000;
  if (mix && o->accounts < 3) return absl::InvalidArgumentError("--accounts: a table needs 3");
  if (!mix && o->accounts > 1'000'000) {
    return absl::InvalidArgumentError("--accounts: a story has at most 1,000,000");
  }
  if (o->time_scale < 0) o->time_scale = mix ? 1 : kStoryTimeScale;
  if (o->account_prefix.empty()) o->account_prefix = mix ? "u" : "p";
  // A daemon on the wall clock takes much older events for a late backlog, and judges them as such.
  if (o->start_time.empty()) o->start_time = o->out.empty() ? "now" : kFixedStart;
  absl::Time start = absl::Now();
  std::string error;
  if (o->start_time != "now" &&
      !absl::ParseTime(absl::RFC3339_full, o->start_time, &start, &error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--start-time takes a time like 2026-01-05T08:00:00+08:00, or `now`: ", error));
  }
  o->start_us = absl::ToUnixMicros(start);
  if (o->start_us < 0) return absl::InvalidArgumentError("--start-time lies before 1970");
  if (o->out.empty() && o->token_file.empty()) {
    return absl::InvalidArgumentError(
        "give --token-file FILE to stream to a daemon, or --out FILE to write JSON lines");
  }
  if (!o->out.empty() && o->servers > 1) {
    return absl::InvalidArgumentError("--out writes the events of one server: leave out --servers");
  }
  return absl::OkStatus();
}

std::unique_ptr<Traffic> MakeTraffic(const Options& o, std::int64_t index) {
  const std::string prefix =
      o.servers > 1 ? absl::StrCat(o.account_prefix, index + 1, "-") : o.account_prefix;
  const auto seed =
      static_cast<std::uint64_t>(o.seed) + static_cast<std::uint64_t>(index) * 1'000'003U;
  if (o.scenario == "mix") {
    MixOptions mix;
    mix.seed = seed;
    mix.accounts = static_cast<std::uint32_t>(o.accounts);
    mix.popularity = o.popularity == "zipf" ? Popularity::kZipf09 : Popularity::kUniform;
    mix.account_prefix = prefix;
    mix.start_us = o.start_us;
    mix.step_ns = o.time_scale * 1'000'000'000 / (o.rate > 0 ? o.rate : kMixRate);
    mix.prologue = !o.no_prologue;
    mix.login_only = o.login_only;
    mix.online = o.online;
    mix.disobedient = o.disobedient;
    return std::make_unique<MixTraffic>(mix);
  }
  if (o.scenario == "play") {
    PlayOptions play;
    play.seed = seed;
    play.account_prefix = prefix;
    play.start_us = o.start_us;
    play.accounts = static_cast<std::uint32_t>(o.accounts);
    play.days = o.days;
    play.offenders_milli = o.offenders_milli;
    play.turns_milli = o.turns_milli;
    play.outages = o.outages;
    play.sparse = o.sparse;
    return std::make_unique<PlayTraffic>(play);
  }
  StoryOptions story;
  story.story = o.scenario == "demo" ? Story::kDemo : Story::kRepeatOffenders;
  story.seed = seed;
  story.accounts = static_cast<std::uint32_t>(o.accounts);
  story.account_prefix = prefix;
  story.start_us = o.start_us;
  story.unanswered = !o.out.empty();
  story.disobedient = o.disobedient;
  story.serve_terms = o.serve_terms;
  story.name_stars = o.servers == 1;
  return std::make_unique<StoryTraffic>(story);
}

}  // namespace hallwarden::hallsim
