// What a QR code in an avatar says, judged as an advert.
#ifndef HALLWARDEN_RULES_AVATAR_QR_TEXT_H_
#define HALLWARDEN_RULES_AVATAR_QR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "rules/text/screener.h"

namespace hallwarden::avatar {

// What a QR code is taken for.
struct QrVerdict {
  // CONFIDENCE_PLAIN: a contact or a payment code, or what the list calls a plain advert.
  // CONFIDENCE_REVIEW: a link, number or account name that may be anything; or what the list
  // doubts. CONFIDENCE_NOTE: nothing that leads anywhere.
  v1::Confidence confidence = v1::CONFIDENCE_NOTE;
  // Why, for example `qr/wechat`, `qr/link`, or the entry of the list.
  std::string entry;
  // What of it matters: bytes [begin, end).
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The host that a link leads to, lower case, without port: `https://U.WeChat.com/x` gives
// `u.wechat.com`, and so does `u.wechat.com/x`. Empty for what is no link.
[[nodiscard]] std::string HostOf(std::string_view text);

// True for one of `hosts` and what stands below it.
[[nodiscard]] bool BelongsTo(std::string_view host, const std::vector<std::string>& hosts);

// `hits`: what the operator's list found in the text.
[[nodiscard]] QrVerdict JudgeQrText(std::string_view text, const std::vector<text::TextHit>& hits,
                                    const std::vector<std::string>& own_hosts);

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_QR_TEXT_H_
