#include "rules/avatar/qr_text.h"

#include <algorithm>
#include <array>

#include "rules/text/chat_screener.h"

namespace hallwarden::avatar {
namespace {

constexpr std::size_t kHostMax = 253;

// Where QR codes of contacts and payments lead: what the apps themselves put into theirs. A player
// who shows one wants to be added or paid.
struct KnownHost {
  std::string_view host;
  std::string_view entry;
};
constexpr std::array<KnownHost, 14> kHosts = {{
    {"u.wechat.com", "qr/wechat"},
    {"weixin.qq.com", "qr/wechat"},
    {"work.weixin.qq.com", "qr/wechat"},
    {"qm.qq.com", "qr/qq"},
    {"jq.qq.com", "qr/qq"},
    {"qun.qq.com", "qr/qq"},
    {"qr.alipay.com", "qr/payment"},
    {"qr.95516.com", "qr/payment"},
    {"payapp.weixin.qq.com", "qr/payment"},
    {"t.me", "qr/messenger"},
    {"telegram.me", "qr/messenger"},
    {"wa.me", "qr/messenger"},
    {"line.me", "qr/messenger"},
    {"potato.im", "qr/messenger"},
}};

struct KnownScheme {
  std::string_view scheme;
  std::string_view entry;
};
constexpr std::array<KnownScheme, 8> kSchemes = {{
    {"wxp", "qr/payment"},
    {"weixin", "qr/wechat"},
    {"mqqapi", "qr/qq"},
    {"mqq", "qr/qq"},
    {"alipays", "qr/payment"},
    {"alipayqr", "qr/payment"},
    {"tg", "qr/messenger"},
    {"whatsapp", "qr/messenger"},
}};

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsHostChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Length of the scheme before "://"; npos: none.
std::size_t SchemeEnd(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos || end == 0) return std::string_view::npos;
  const bool letters = std::all_of(text.begin(), text.begin() + end, [](char c) {
    const char lower = Lower(c);
    return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
  });
  return letters ? end : std::string_view::npos;
}

std::string SchemeOf(std::string_view text) {
  const std::size_t end = SchemeEnd(text);
  if (end == std::string_view::npos) return {};
  std::string scheme(text.substr(0, end));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), Lower);
  return scheme;
}

bool IsAdvert(text::Category category) {
  return category == text::Category::kAdvert || category == text::Category::kGamble ||
         category == text::Category::kFraud;
}

QrVerdict ByList(const std::vector<text::TextHit>& hits) {
  QrVerdict verdict;
  for (const text::TextHit& hit : hits) {
    if (!IsAdvert(hit.category)) continue;
    v1::Confidence confidence = v1::CONFIDENCE_NOTE;
    if (hit.severity == text::Severity::kReview) confidence = v1::CONFIDENCE_REVIEW;
    if (hit.severity == text::Severity::kPlain) confidence = v1::CONFIDENCE_PLAIN;
    if (confidence <= verdict.confidence) continue;
    verdict = {confidence, "advert/" + hit.entry, hit.begin, hit.end};
  }
  return verdict;
}

}  // namespace

std::string HostOf(std::string_view text) {
  std::size_t begin = SchemeEnd(text);
  const bool has_scheme = begin != std::string_view::npos;
  begin = has_scheme ? begin + 3 : 0;
  std::string host;
  for (const char c : text.substr(begin)) {
    if (!IsHostChar(Lower(c))) {
      // user@host hides where a link leads: what stands before the sign is no host.
      if (c == '@') {
        host.clear();
        continue;
      }
      if (c == '/' || c == ':' || c == '?' || c == '#') break;
      return {};
    }
    host.push_back(Lower(c));
    if (host.size() > kHostMax) return {};
  }
  while (host.ends_with('.'))
    host.pop_back();
  const std::size_t dot = host.find('.');
  if (dot == std::string::npos || dot == 0) return {};
  // Without a scheme, 1.5 and 3.14 are no hosts.
  const bool letters =
      std::any_of(host.begin(), host.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return letters || has_scheme ? host : std::string();
}

bool BelongsTo(std::string_view host, const std::vector<std::string>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& own) {
    if (own.empty() || !host.ends_with(own)) return false;
    return host.size() == own.size() || host[host.size() - own.size() - 1] == '.';
  });
}

QrVerdict JudgeQrText(std::string_view text, const std::vector<text::TextHit>& hits,
                      const std::vector<std::string>& own_hosts) {
  const std::string host = HostOf(text);
  if (!host.empty() && BelongsTo(host, own_hosts)) return {};
  const std::string scheme = SchemeOf(text);
  for (const KnownScheme& known : kSchemes) {
    if (scheme == known.scheme) {
      return {v1::CONFIDENCE_PLAIN, std::string(known.entry), 0, text.size()};
    }
  }
  for (const KnownHost& known : kHosts) {
    if (host == known.host || host.ends_with("." + std::string(known.host))) {
      return {v1::CONFIDENCE_PLAIN, std::string(known.entry), 0, text.size()};
    }
  }
  QrVerdict verdict = ByList(hits);
  if (verdict.confidence >= v1::CONFIDENCE_REVIEW) return verdict;
  if (!host.empty()) return {v1::CONFIDENCE_REVIEW, "qr/link", 0, text.size()};
  if (!text::ContactsOf(text).empty()) {
    return {v1::CONFIDENCE_REVIEW, "qr/contact", 0, text.size()};
  }
  if (verdict.entry.empty()) verdict.entry = "qr/text";
  return verdict;
}

}  // namespace hallwarden::avatar
