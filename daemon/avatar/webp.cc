// WebP by libwebp. Of a moving picture the first frame counts: it is what a list of players shows.
#include <memory>

#include <webp/decode.h>
#include <webp/demux.h>

#include "daemon/avatar/image.h"

namespace hallwarden::daemon {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

void DecodeStill(const std::uint8_t* bytes, std::size_t size, Image* image) {
  int width = 0;
  int height = 0;
  if (WebPGetInfo(bytes, size, &width, &height) == 0 || width < 0 || height < 0) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  if (!AcceptSize(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), image)) {
    return;
  }
  std::vector<std::uint8_t> rgba(4 * static_cast<std::size_t>(width) *
                                 static_cast<std::size_t>(height));
  if (WebPDecodeRGBAInto(bytes, size, rgba.data(), rgba.size(), 4 * width) == nullptr) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  LayOnWhite(rgba.data(), image);
}

}  // namespace

void DecodeWebp(std::string_view bytes, Image* image) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  if (features.has_animation == 0) return DecodeStill(data, bytes.size(), image);
  const WebPData whole{data, bytes.size()};
  const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemux(&whole));
  WebPIterator frame;
  if (demuxer == nullptr || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  DecodeStill(frame.fragment.bytes, frame.fragment.size, image);
  WebPDemuxReleaseIterator(&frame);
}

}  // namespace hallwarden::daemon
