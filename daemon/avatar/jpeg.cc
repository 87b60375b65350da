// JPEG by libjpeg-turbo. Its errors leave by longjmp, so nothing with a destructor lives in the
// function that it jumps out of.
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it before

#include <jpeglib.h>

#include "daemon/avatar/image.h"

namespace hallwarden::daemon {
namespace {

// A progressive picture may have as many passes as fit into its bytes, and each costs as much as a
// whole picture. What cameras and programs write has ten.
constexpr int kScansMax = 32;

struct Errors {
  jpeg_error_mgr base;
  std::jmp_buf jump;
};

[[noreturn]] void Leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<Errors*>(info->err)->jump, 1);
}

// What a phone shows in spite of damage is judged in spite of damage.
void Ignore(j_common_ptr /*info*/, int /*level*/) {}

void Silent(j_common_ptr /*info*/) {}

void CountScans(j_common_ptr info) {
  const auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
  if (decompress->input_scan_number > kScansMax) Leave(info);
}

// Inverted, as Adobe's programs write it, which is what there is.
std::uint8_t Mix(unsigned ink, unsigned black) {
  return static_cast<std::uint8_t>(ink * black / 255);
}

void TakeCmykRow(const JSAMPLE* row, int width, std::uint8_t* out) {
  for (int i = 0; i < width; ++i, row += 4, out += 3) {
    for (int c = 0; c < 3; ++c)
      out[c] = Mix(row[c], row[3]);
  }
}

struct Work {
  jpeg_decompress_struct info{};
  Errors errors{};
  jpeg_progress_mgr progress{};
  // Room for a row of four components.
  std::vector<JSAMPLE> row;
};

// False: a fault is set. Everything with a destructor belongs to the caller.
bool Decode(Work* work, const std::uint8_t* bytes, std::size_t size, Image* image) {
  jpeg_decompress_struct* info = &work->info;
  if (setjmp(work->errors.jump) != 0) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return false;
  }
  jpeg_create_decompress(info);
  info->progress = &work->progress;
  jpeg_mem_src(info, bytes, size);
  if (jpeg_read_header(info, TRUE) != JPEG_HEADER_OK) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return false;
  }
  if (!AcceptSize(info->image_width, info->image_height, image)) return false;
  const bool cmyk = info->num_components == 4;
  info->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(info);
  work->row.resize(4 * static_cast<std::size_t>(info->output_width));
  image->rgb.resize(3 * static_cast<std::size_t>(info->output_width) *
                    static_cast<std::size_t>(info->output_height));
  std::uint8_t* out = image->rgb.data();
  while (info->output_scanline < info->output_height) {
    JSAMPLE* line = cmyk ? work->row.data() : out;
    if (jpeg_read_scanlines(info, &line, 1) != 1) {
      image->fault = v1::IMAGE_FAULT_DAMAGED;
      return false;
    }
    if (cmyk) TakeCmykRow(line, image->width, out);
    out += 3 * static_cast<std::size_t>(info->output_width);
  }
  jpeg_finish_decompress(info);
  return true;
}

}  // namespace

void DecodeJpeg(std::string_view bytes, Image* image) {
  Work work;
  work.info.err = jpeg_std_error(&work.errors.base);
  work.errors.base.error_exit = Leave;
  work.errors.base.emit_message = Ignore;
  work.errors.base.output_message = Silent;
  work.progress.progress_monitor = CountScans;
  (void)Decode(&work, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), image);
  jpeg_destroy_decompress(&work.info);
}

}  // namespace hallwarden::daemon
