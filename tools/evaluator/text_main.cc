#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rules/text/chat_screener.h"
#include "rules/text/lexicon.h"
#include "rules/text/name_screener.h"
#include "tools/evaluator/text_eval.h"
#include "tools/flags/flag_set.h"

namespace hallwarden::evaluator {
namespace {

enum ExitCode { kDone = 0, kLocal = 1, kUsage = 2 };

struct Options {
  std::string surface = "chat";
  std::string lexicon;
  bool json = false;
  bool misses = false;
  bool hits = false;
  std::int64_t top = 3;
  std::int64_t from = 0;
  std::int64_t to = 1'000'000;
};

tools::FlagSet Flags(Options* options) {
  tools::FlagSet flags(
      "Usage: eval text FILE.tsv --surface nickname|chat\n\n"
      "Puts labelled texts (label<TAB>text[<TAB>technique...]) through the screener of a surface "
      "and\n"
      "counts, per label and technique: rows, rows flagged (for a GM or a machine), their share, "
      "the\n"
      "share that is plain enough for a machine to act on, and what flagged them.\n",
      "");
  flags.Add("surface", &options->surface, "NAME", "nickname, signature, chat, post or place");
  flags.Add("lexicon", &options->lexicon, "FILE", "a list to use instead of the built-in one");
  flags.Add("json", &options->json, "print one JSON object instead of the table");
  flags.Add("misses", &options->misses, "list the rows that were not flagged");
  flags.Add("hits", &options->hits, "list the rows that were flagged, and by what");
  flags.Add("top", &options->top, {0, 1000}, "how many of what flagged them to show per line");
  flags.Add("from", &options->from, {0, 1'000'000}, "only texts of at least so many characters");
  flags.Add("to", &options->to, {0, 1'000'000}, "only texts of at most so many characters");
  return flags;
}

bool ReadFile(const std::string& path, std::string* content) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  content->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return !file.bad();
}

std::size_t Characters(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++count;
  }
  return count;
}

int Fail(const std::string& reason, int code) {
  std::cerr << "eval text: " << reason << "\n";
  return code;
}

void ShowRow(const TextRow& row, const std::vector<text::TextHit>& hits) {
  std::cout << row.line << "\t" << row.label << "\t" << row.text;
  if (const std::string technique = TechniqueOf(row); !technique.empty()) {
    std::cout << "\t" << technique;
  }
  for (const text::TextHit& hit : hits) {
    std::cout << "\t" << text::CategoryName(hit.category) << "/" << text::SeverityName(hit.severity)
              << (hit.disguised ? "~" : "") << " " << hit.entry << " (" << hit.reading << ")";
  }
  std::cout << "\n";
}

int Report(const Options& options, std::vector<TextRow> rows, const Screen& screen) {
  std::erase_if(rows, [&options](const TextRow& row) {
    const auto size = static_cast<std::int64_t>(Characters(row.text));
    return size < options.from || size > options.to;
  });
  const TextReport report = Evaluate(
      rows, screen, [&options](const TextRow& row, const std::vector<text::TextHit>& hits) {
        const bool flagged = Flagged(hits);
        if (flagged ? options.hits : options.misses) ShowRow(row, hits);
      });
  std::cout << (options.json ? ShowJson(report)
                             : ShowTable(report, static_cast<std::size_t>(options.top)));
  return kDone;
}

int Main(const std::vector<std::string>& words) {
  Options options;
  const tools::FlagSet flags = Flags(&options);
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return kDone;
  }
  const absl::StatusOr<std::vector<std::string>> files = flags.Parse(words);
  if (!files.ok()) return Fail(std::string(files.status().message()), kUsage);
  if (files->size() != 1) return Fail("give one file; --help says more", kUsage);
  const bool name = options.surface == "nickname" || options.surface == "signature";
  const bool chat =
      options.surface == "chat" || options.surface == "post" || options.surface == "place";
  if (!name && !chat) return Fail("unknown surface '" + options.surface + "'; try --help", kUsage);
  std::string tsv;
  if (!ReadFile((*files)[0], &tsv)) return Fail("cannot read " + (*files)[0], kLocal);
  absl::StatusOr<std::vector<TextRow>> rows = ReadRows(tsv);
  if (!rows.ok()) {
    return Fail(absl::StrCat((*files)[0], ": ", rows.status().message()), kLocal);
  }
  std::shared_ptr<const text::Lexicon> lexicon;
  if (options.lexicon.empty()) {
    lexicon = name ? text::BuiltInNameLexicon() : text::BuiltInChatLexicon();
  } else {
    std::string source;
    if (!ReadFile(options.lexicon, &source)) return Fail("cannot read " + options.lexicon, kLocal);
    absl::StatusOr<text::Lexicon> parsed = text::Lexicon::Parse(source, options.lexicon);
    if (!parsed.ok()) return Fail(std::string(parsed.status().message()), kLocal);
    lexicon = std::make_shared<const text::Lexicon>(*std::move(parsed));
  }
  if (name) {
    const text::NameScreener screener(lexicon);
    return Report(options, *std::move(rows),
                  [&screener](std::string_view text) { return screener.Screen(text); });
  }
  const text::ChatScreener screener(lexicon);
  return Report(options, *std::move(rows),
                [&screener](std::string_view text) { return screener.Screen(text); });
}

}  // namespace
}  // namespace hallwarden::evaluator

int main(int argc, char** argv) {
  return hallwarden::evaluator::Main(std::vector<std::string>(argv + 1, argv + argc));
}
