#include "rules/avatar/pdq.h"

#include <algorithm>

#include "rules/avatar/cosines.h"

namespace hallwarden::avatar {
namespace {

constexpr int kSamples = 64;
constexpr int kFrequencies = 16;
// Fraction of a thousandth of luminance that smoothing keeps.
constexpr int kFractionBits = 8;
// Full luminance in the units of a sample.
constexpr std::int64_t kWhite = std::int64_t{255'000} << kFractionBits;

using Samples = std::array<std::array<std::int64_t, kSamples>, kSamples>;
using Coefficients = std::array<std::int64_t, std::size_t{kFrequencies} * kFrequencies>;

// Means of a window that moves along a line. Beyond the ends there is nothing: the window shrinks.
struct Window {
  int back = 0;  // pixels before the one in the middle
  int ahead = 0;

  static Window For(int side) {
    const int width = (side + 2 * kSamples - 1) / (2 * kSamples);
    const int ahead = (width + 2) / 2 - 1;
    return {width - ahead - 1, ahead};
  }
};

// `step` is the distance of two neighbours in memory.
void SmoothLine(const std::uint32_t* in, std::uint32_t* out, int size, std::ptrdiff_t step,
                const Window& window) {
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  for (int i = 0; i < std::min(window.ahead, size); ++i) {
    sum += in[i * step];
    ++count;
  }
  for (int i = 0; i < size; ++i) {
    if (i + window.ahead < size) {
      sum += in[(i + window.ahead) * step];
      ++count;
    }
    if (i - window.back > 0) {
      sum -= in[(i - window.back - 1) * step];
      --count;
    }
    out[i * step] = static_cast<std::uint32_t>((sum + count / 2) / count);
  }
}

void Smooth(std::vector<std::uint32_t>* picture, int width, int height) {
  constexpr int kPasses = 2;
  const Window along = Window::For(width);
  const Window down = Window::For(height);
  std::vector<std::uint32_t> other(picture->size());
  for (int pass = 0; pass < kPasses; ++pass) {
    for (int row = 0; row < height; ++row) {
      const std::ptrdiff_t at = std::ptrdiff_t{row} * width;
      SmoothLine(picture->data() + at, other.data() + at, width, 1, along);
    }
    for (int column = 0; column < width; ++column) {
      SmoothLine(other.data() + column, picture->data() + column, height, width, down);
    }
  }
}

Samples Sample(const std::vector<std::uint32_t>& picture, int width, int height) {
  Samples samples;
  for (int i = 0; i < kSamples; ++i) {
    const std::ptrdiff_t row = (2 * i + 1) * height / (2 * kSamples);
    for (int j = 0; j < kSamples; ++j) {
      const std::ptrdiff_t column = (2 * j + 1) * width / (2 * kSamples);
      samples[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
          picture[static_cast<std::size_t>(row * width + column)];
    }
  }
  return samples;
}

int QualityOf(const Samples& samples) {
  // Steps in per cent of full luminance, cut to whole ones: noise adds up to nothing.
  const auto step = [](std::int64_t a, std::int64_t b) {
    const std::int64_t per_cent = (a - b) * 100 / kWhite;
    return per_cent < 0 ? -per_cent : per_cent;
  };
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    for (std::size_t j = 0; j + 1 < kSamples; ++j) {
      sum += step(samples[i][j], samples[i][j + 1]);
      sum += step(samples[j][i], samples[j + 1][i]);
    }
  }
  constexpr std::int64_t kScale = 90;
  return static_cast<int>(std::min<std::int64_t>(sum / kScale, 100));
}

constexpr std::int64_t RoundShift(std::int64_t value, int bits) {
  return (value + (std::int64_t{1} << (bits - 1))) >> bits;
}

// Basis: row f - 1 holds cos(pi / 64 * f * (j + 1/2)), f from 1 to 16. All have the same norm, and
// a common factor moves no median.
constexpr auto kBasis = [] {
  std::array<std::array<std::int32_t, kSamples>, kFrequencies> basis{};
  for (unsigned f = 0; f < kFrequencies; ++f) {
    for (unsigned j = 0; j < kSamples; ++j)
      basis[f][j] = Cosine((f + 1) * (2 * j + 1));
  }
  return basis;
}();

// Samples have 26 bits; 22 of them times 24 of the basis times 64 terms are 52, of which 32 go on:
// 62 at the end.
constexpr int kSampleShift = 4;
constexpr int kMiddleShift = 20;

Coefficients Transform(const Samples& samples) {
  std::array<std::array<std::int64_t, kSamples>, kFrequencies> half{};
  for (std::size_t f = 0; f < kFrequencies; ++f) {
    for (std::size_t j = 0; j < kSamples; ++j) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < kSamples; ++i)
        sum += kBasis[f][i] * (samples[i][j] >> kSampleShift);
      half[f][j] = RoundShift(sum, kMiddleShift);
    }
  }
  Coefficients coefficients;
  for (std::size_t f = 0; f < kFrequencies; ++f) {
    for (std::size_t g = 0; g < kFrequencies; ++g) {
      std::int64_t sum = 0;
      for (std::size_t j = 0; j < kSamples; ++j)
        sum += kBasis[g][j] * half[f][j];
      coefficients[f * kFrequencies + g] = sum;
    }
  }
  return coefficients;
}

// How a picture is turned or mirrored: rows and columns change places first, then their order is
// reversed. Reversing negates every odd frequency.
struct Turn {
  v1::AvatarOrientation orientation;
  bool transpose;
  bool reverse_rows;
  bool reverse_columns;
};

constexpr std::array<Turn, kOrientations> kTurns = {{
    {v1::AVATAR_ORIENTATION_AS_IS, false, false, false},
    {v1::AVATAR_ORIENTATION_ROTATED_90, true, true, false},
    {v1::AVATAR_ORIENTATION_ROTATED_180, false, true, true},
    {v1::AVATAR_ORIENTATION_ROTATED_270, true, false, true},
    {v1::AVATAR_ORIENTATION_FLIPPED_ROWS, false, true, false},
    {v1::AVATAR_ORIENTATION_FLIPPED_COLUMNS, false, false, true},
    {v1::AVATAR_ORIENTATION_TRANSPOSED, true, false, false},
    {v1::AVATAR_ORIENTATION_ANTI_TRANSPOSED, true, true, true},
}};

// Index 0 is the frequency 1.
constexpr bool Negates(const Turn& turn, unsigned row, unsigned column) {
  const bool by_rows = turn.reverse_rows && row % 2 == 0;
  const bool by_columns = turn.reverse_columns && column % 2 == 0;
  return by_rows != by_columns;
}

Hash256 Threshold(const Coefficients& coefficients) {
  Coefficients sorted = coefficients;
  // The lower of the two in the middle, as the authors' median takes it.
  const auto middle = sorted.begin() + sorted.size() / 2 - 1;
  std::nth_element(sorted.begin(), middle, sorted.end());
  Hash256 hash;
  for (unsigned bit = 0; bit < coefficients.size(); ++bit) {
    if (coefficients[bit] > *middle) hash.Set(bit);
  }
  return hash;
}

}  // namespace

std::optional<PdqHashes> HashPicture(std::span<const std::uint32_t> luminance, int width,
                                     int height) {
  if (width < kSideMin || height < kSideMin || width > kSideMax || height > kSideMax) {
    return std::nullopt;
  }
  if (luminance.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> picture(luminance.size());
  std::transform(luminance.begin(), luminance.end(), picture.begin(),
                 [](std::uint32_t value) { return value << kFractionBits; });
  Smooth(&picture, width, height);
  const Samples samples = Sample(picture, width, height);
  const Coefficients upright = Transform(samples);
  PdqHashes result;
  result.quality = QualityOf(samples);
  for (std::size_t i = 0; i < kTurns.size(); ++i) {
    Coefficients turned;
    for (unsigned row = 0; row < kFrequencies; ++row) {
      for (unsigned column = 0; column < kFrequencies; ++column) {
        const unsigned from =
            kTurns[i].transpose ? column * kFrequencies + row : row * kFrequencies + column;
        turned[row * kFrequencies + column] =
            Negates(kTurns[i], row, column) ? -upright[from] : upright[from];
      }
    }
    result.hashes[i] = Threshold(turned);
  }
  return result;
}

Dihedral TurnHash(const Hash256& hash) {
  Dihedral turned;
  for (std::size_t i = 0; i < kTurns.size(); ++i) {
    for (unsigned row = 0; row < kFrequencies; ++row) {
      for (unsigned column = 0; column < kFrequencies; ++column) {
        const unsigned from =
            kTurns[i].transpose ? column * kFrequencies + row : row * kFrequencies + column;
        if (hash.Bit(from) != Negates(kTurns[i], row, column)) {
          turned[i].Set(row * kFrequencies + column);
        }
      }
    }
  }
  return turned;
}

v1::AvatarOrientation OrientationAt(int index) {
  if (index < 0 || index >= kOrientations) return v1::AVATAR_ORIENTATION_UNSPECIFIED;
  return kTurns[static_cast<std::size_t>(index)].orientation;
}

}  // namespace hallwarden::avatar
