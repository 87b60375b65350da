// Bytes from a game server: the frame, and each event in it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/hall_service.pb.h"

#include "daemon/prepare.h"
#include "storage/personal.h"
#include "tests/fuzz/memory_vault.h"
#include "tests/fuzz/require.h"

namespace hallwarden {
namespace {

void PrepareAndCheck(v1::EventBatch batch) {
  static fuzz::MemoryVault vault;
  static daemon::EventPreparer preparer(&vault);
  const int events = batch.events_size();
  const absl::StatusOr<daemon::PreparedBatch> prepared = preparer.Prepare("gs1", 1, &batch);
  fuzz::Require(prepared.ok(), "a batch is always prepared");
  fuzz::Require(prepared->events.size() == static_cast<std::size_t>(events),
                "no event is lost or added");
  for (const daemon::PreparedEvent& event : prepared->events) {
    fuzz::Require((event.event == nullptr) != (event.refused == nullptr),
                  "an event is taken or refused");
    if (event.event == nullptr) continue;
    v1::HallEvent stored;
    fuzz::Require(stored.ParseFromString(event.payload), "what the journal holds can be read");
    v1::SealedFields left;
    storage::SplitPersonal(&stored, &left);
    fuzz::Require(left.fields().empty(), "nothing personal is left in the journal");
  }
}

}  // namespace
}  // namespace hallwarden

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  hallwarden::v1::SessionRequest request;
  if (request.ParseFromString(bytes) && request.has_events()) {
    hallwarden::PrepareAndCheck(request.events());
  }
  // The same bytes as one event.
  hallwarden::v1::EventBatch batch;
  batch.set_first_seq(1);
  batch.add_events(bytes);
  hallwarden::PrepareAndCheck(std::move(batch));
  return 0;
}
