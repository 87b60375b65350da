// Avatars: what an uploaded image costs where events are prepared, and what the banks cost on the
// sequencer's thread.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "daemon/avatar/avatar_reader.h"
#include "daemon/avatar/image.h"
#include "daemon/avatar/qr_reader.h"
#include "rules/avatar/bank.h"
#include "rules/avatar/pdq.h"
#include "tests/daemon/avatar/encoders.h"
#include "tests/rules/avatar/pictures.h"

namespace hallwarden {
namespace {

using testing::Discs;
using testing::Picture;

std::string Encoded(int format, int side) {
  const Picture picture = Discs(7, side, side);
  switch (format) {
    case v1::IMAGE_FORMAT_PNG:
      return testing::EncodePng(picture);
    case v1::IMAGE_FORMAT_JPEG:
      return testing::EncodeJpeg(picture, 80);
    default:
      return testing::EncodeWebp(picture, 80);
  }
}

// Decoded, hashed in eight orientations, searched for QR codes.
void ReadWhole(benchmark::State& state) {
  const std::string bytes =
      Encoded(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state)
    benchmark::DoNotOptimize(daemon::ReadAvatar(bytes));
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(ReadWhole)
    ->ArgsProduct({{v1::IMAGE_FORMAT_PNG, v1::IMAGE_FORMAT_JPEG, v1::IMAGE_FORMAT_WEBP},
                   {128, 256, 512}})
    ->Unit(benchmark::kMicrosecond);

void DecodeOnly(benchmark::State& state) {
  const std::string bytes =
      Encoded(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state)
    benchmark::DoNotOptimize(daemon::DecodeImage(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecodeOnly)
    ->ArgsProduct({{v1::IMAGE_FORMAT_PNG, v1::IMAGE_FORMAT_JPEG, v1::IMAGE_FORMAT_WEBP}, {256}})
    ->Unit(benchmark::kMicrosecond);

void HashOnly(benchmark::State& state) {
  const int side = static_cast<int>(state.range(0));
  const std::vector<std::uint32_t> luminance = testing::LuminanceOf(Discs(7, side, side));
  for (auto _ : state)
    benchmark::DoNotOptimize(avatar::HashPicture(luminance, side, side));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(HashOnly)->Arg(128)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMicrosecond);

void ReadQrOnly(benchmark::State& state) {
  const int side = static_cast<int>(state.range(0));
  std::vector<std::uint8_t> grey;
  for (const std::uint32_t value : testing::LuminanceOf(Discs(7, side, side)))
    grey.push_back(static_cast<std::uint8_t>(value / 1000));
  for (auto _ : state)
    benchmark::DoNotOptimize(daemon::ReadQrCodes(grey, side, side));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ReadQrOnly)->Arg(128)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMicrosecond);

// The largest image that is decoded at all.
void ReadLargest(benchmark::State& state) {
  const std::string bytes = testing::EncodeEmptyPng(1024, 1024);
  for (auto _ : state)
    benchmark::DoNotOptimize(daemon::ReadAvatar(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ReadLargest)->Unit(benchmark::kMicrosecond);

avatar::Hash256 AnyHash(std::mt19937_64* random) {
  avatar::Hash256 hash;
  for (std::uint64_t& word : hash.words)
    word = (*random)();
  return hash;
}

// One avatar against both kinds of bank, eight orientations each.
void LookUp(benchmark::State& state) {
  std::mt19937_64 random(1);
  avatar::Bank bank;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const v1::BankKind kind = i % 10 == 0 ? v1::BANK_KIND_ALLOW : v1::BANK_KIND_BLOCK;
    bank.Put(static_cast<avatar::Bank::Slot>(i),
             {AnyHash(&random), kind, v1::TEXT_CATEGORY_PORN, v1::CONFIDENCE_PLAIN, 0, "porn"});
  }
  for (auto _ : state) {
    state.PauseTiming();
    avatar::Dihedral hashes;
    for (avatar::Hash256& hash : hashes)
      hash = AnyHash(&random);
    state.ResumeTiming();
    benchmark::DoNotOptimize(bank.Best(hashes, 31, 0));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(LookUp)->Arg(100)->Arg(511)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(
    benchmark::kMicrosecond);

}  // namespace
}  // namespace hallwarden
