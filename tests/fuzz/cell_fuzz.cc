// Cells of a checkpoint: the first byte picks the kind.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/state/account_cell.h"
#include "rules/state/bank_cells.h"
#include "rules/state/small_cells.h"
#include "tests/fuzz/require.h"

namespace {

// What decodes encodes to bytes that decode to the same bytes.
template <class Cell>
void RoundTrip(std::string_view bytes) {
  Cell cell;
  if (!cell.Decode(bytes)) return;
  std::string encoded;
  cell.Encode(&encoded);
  Cell again;
  hallwarden::fuzz::Require(again.Decode(encoded), "a cell that was written can be read");
  std::string twice;
  again.Encode(&twice);
  hallwarden::fuzz::Require(twice == encoded, "a cell survives being written and read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      RoundTrip<hallwarden::AccountCell>(bytes);
      break;
    case 1:
      RoundTrip<hallwarden::OriginCell>(bytes);
      break;
    case 2:
      RoundTrip<hallwarden::TextCell>(bytes);
      break;
    case 3:
      RoundTrip<hallwarden::ServerCell>(bytes);
      break;
    case 4:
      RoundTrip<hallwarden::RuleCell>(bytes);
      break;
    case 5:
      RoundTrip<hallwarden::SystemCell>(bytes);
      break;
    case 6:
      RoundTrip<hallwarden::BankCell>(bytes);
      break;
    default:
      RoundTrip<hallwarden::BankPageCell>(bytes);
      break;
  }
  return 0;
}
