// TextService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_TEXT_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_TEXT_SERVICE_H_

#include "hallwarden/v1/text_service.grpc.pb.h"
#include "hallwarden/v1/text_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class TextService final : public v1::TextService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit TextService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                       \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in,   \
                                   v1::response* out) override {                                  \
    return calls_->Run<v1::request, v1::response>(context, "TextService." #method, &Desk::method, \
                                                  in, out);                                       \
  }
  HW_UNARY(ExplainText, ExplainTextRequest, ExplainTextResponse)
  HW_UNARY(GetLexicon, GetLexiconRequest, Lexicon)
  HW_UNARY(ListLexiconEntries, ListLexiconEntriesRequest, ListLexiconEntriesResponse)
  HW_UNARY(GetLexiconEntry, GetLexiconEntryRequest, LexiconEntry)
  HW_UNARY(ChangeLexicon, ChangeLexiconRequest, ChangeLexiconResponse)
  HW_UNARY(StageLexicon, StageLexiconRequest, StageLexiconResponse)
  HW_UNARY(BacktestLexicon, BacktestLexiconRequest, BacktestLexiconResponse)
  HW_UNARY(TestLexicon, TestLexiconRequest, TestLexiconResponse)
  HW_UNARY(ExportLexicon, ExportLexiconRequest, ExportLexiconResponse)
  HW_UNARY(RescreenNames, RescreenNamesRequest, ActionResponse)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_TEXT_SERVICE_H_
