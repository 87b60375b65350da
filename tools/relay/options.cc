#include "tools/relay/options.h"

#include "absl/strings/str_cat.h"

namespace hallwarden::relay {
namespace {

constexpr char kAbout[] =
    "relay: ships hall events from JSON lines to hallwardend, each exactly once.\n"
    "\n"
    "  relay --token-file FILE events.jsonl                     a file, to its end\n"
    "  relay --token-file FILE --follow events.jsonl            a file that grows and is rotated\n"
    "  producer | relay --token-file FILE --position POS -      standard input";

constexpr char kNotes[] =
    "Lines\n"
    "  One HallEvent each, in proto3 JSON; `bytes` fields (what players write) are base64. From a "
    "log with plain text:\n"
    "    jq -c '{account: .uid, eventTime: .at, chat: {text: (.words | @base64), message: .id}}' "
    "game.log\n"
    "  Every line, good or bad, is exactly one event number. One that is no event is sent such "
    "that the daemon refuses\n"
    "  it as MALFORMED and records it, and is told here as file:line and in --rejects. Lines are "
    "at most 1 MiB.\n"
    "  A line counts when its line break is written; the last one of a file also without, when the "
    "file is at its end.\n"
    "\n"
    "Position\n"
    "  The position file ties an event number to a line. Kill the relay at any moment and start it "
    "again with the same\n"
    "  flags: no line is lost or counted twice. Rotation by renaming (name.1, name-20260105) is "
    "followed; keep rotated\n"
    "  files unpacked until the relay has read them, and for as long as the daemon's resend window "
    "(24 h) if you can.\n"
    "  A pipe cannot be read again: lines that were read and not acknowledged are lost with the "
    "relay, unless the\n"
    "  producer begins again from its first line (--from-start).\n"
    "\n"
    "Directives\n"
    "  Without --directives and --exec directives are written to nothing and never acknowledged; "
    "the daemon shows them\n"
    "  as not enforced. With --directives FILE each is one JSON line, synced to disk; FILE is not "
    "rotated. Whoever\n"
    "  carries them out appends to --results a line like\n"
    "    {\"directiveSeq\":\"7\",\"outcome\":\"applied\",\"detail\":\"\"}      applied, rejected, "
    "not_here or seen\n"
    "  With --directives-auto-apply being durably in FILE counts as applied. --exec CMD is started "
    "by the shell, gets\n"
    "  directives on its standard input and answers on its standard output; it may get one twice "
    "after a crash, and\n"
    "  absorbs it by directiveId.\n"
    "\n"
    "Exit codes: 0 all done; 1 local failure (file, disk, command); 2 wrong flags; 3 refused by "
    "the daemon (token, role,\n"
    "protocol); 4 fenced by another client with the same token; 5 the daemon's history and ours "
    "disagree; 6 the position\n"
    "file is damaged or does not fit the input; 130 interrupted, position saved.\n";

}  // namespace

tools::FlagSet MakeFlags(Options* o) {
  tools::FlagSet flags(kAbout, kNotes);
  flags.Group("Input");
  flags.Add("follow", &o->follow,
            "wait for more at the end; go on with the next file after a rotation");
  flags.Add("once", &o->once,
            "end at the end of the input, when everything is acknowledged (the default)");
  flags.Add("position", &o->position, "FILE",
            "position file; default: the input's name and `.position`");
  flags.Add("append", &o->append,
            "first start: the first line is the event behind those the daemon holds");
  flags.Add("from-start", &o->from_start,
            "first start, or pipe: the first line is the server's first event");
  flags.Add("new-file", &o->new_file,
            "the old file is gone: the first line of this one comes next");
  flags.Add("ignore-unknown-fields", &o->ignore_unknown_fields,
            "take lines with fields that are not in the schema");
  flags.Add("rejects", &o->rejects, "FILE", "append refused lines there, as JSON lines");
  flags.Group("Daemon");
  flags.Add("server", &o->daemon, "ADDR",
            "host:port or unix:path of hallwardend; HALLWARDEN_SERVER sets it too");
  flags.Add("tls-ca", &o->tls.ca, "FILE",
            "authorities of the daemon, PEM; default: those of this system. To another host the "
            "channel is always encrypted, to this one with any of these");
  flags.Add("tls-cert", &o->tls.certificate, "FILE", "the game server's certificate, PEM");
  flags.Add("tls-key", &o->tls.key, "FILE", "its private key, PEM");
  flags.Add("tls-server-name", &o->tls.server_name, "NAME",
            "the name in the daemon's certificate, if it is not the one dialled");
  flags.Add("plaintext", &o->plaintext, "allow a daemon on another host without encryption");
  flags.Add(
      "token-file", &o->token_file, "FILE",
      "the game server's token; HALLWARDEN_TOKEN_FILE sets it too; not needed with --tls-cert");
  flags.Add("batch", &o->batch, {1, 4096}, "events per batch at most");
  flags.Group("Directives");
  flags.Add("directives", &o->directives, "FILE", "append directives there, as JSON lines");
  flags.Add("results", &o->results, "FILE", "read what became of them there; followed as it grows");
  flags.Add("directives-auto-apply", &o->auto_apply,
            "answer `applied` as soon as a directive is in --directives");
  flags.Add("exec", &o->exec, "CMD", "give directives to a command and read results from it");
  flags.Add("linger", &o->linger_seconds, {0, 86'400},
            "at the end of the input: seconds without a directive or answer before the relay ends; "
            "with --directives "
            "and --exec only");
  flags.Group("Output");
  flags.Add("quiet", &o->quiet, "no progress lines");
  return flags;
}

absl::Status Complete(const std::vector<std::string>& rest, Options* o) {
  if (rest.size() != 1) {
    return absl::InvalidArgumentError(
        "give one input: a file of JSON lines, or - for standard input; see --help");
  }
  o->input = rest.front();
  if (o->token_file.empty() && o->tls.certificate.empty()) {
    return absl::InvalidArgumentError(
        "give --token-file FILE with the token of a game server (`gmctl token create`), or its "
        "certificate with --tls-cert and --tls-key");
  }
  if (absl::Status status = channel::CheckTls(o->tls, o->plaintext); !status.ok()) return status;
  if (o->follow && o->once)
    return absl::InvalidArgumentError("--follow and --once exclude each other");
  if (o->follow && o->pipe())
    return absl::InvalidArgumentError("--follow is for files; a pipe is read to its end");
  if (o->position.empty()) {
    if (o->pipe()) return absl::InvalidArgumentError("standard input needs --position FILE");
    o->position = o->input + ".position";
  }
  if (o->append && o->from_start)
    return absl::InvalidArgumentError("--append and --from-start exclude each other");
  if (!o->exec.empty() && !o->directives.empty()) {
    return absl::InvalidArgumentError("--exec and --directives exclude each other");
  }
  if (o->directives.empty() && (o->auto_apply || !o->results.empty())) {
    return absl::InvalidArgumentError(
        "--results and --directives-auto-apply need --directives FILE");
  }
  if (o->auto_apply && !o->results.empty()) {
    return absl::InvalidArgumentError("--results and --directives-auto-apply exclude each other");
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::relay
