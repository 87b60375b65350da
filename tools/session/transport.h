// The stream under a session, without saying what carries it.
#ifndef HALLWARDEN_TOOLS_SESSION_TRANSPORT_H_
#define HALLWARDEN_TOOLS_SESSION_TRANSPORT_H_

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "hallwarden/v1/hall_service.pb.h"

#include "absl/status/status.h"
#include "tools/session/clock.h"

namespace hallwarden::session {

// How a stream ended.
struct StreamEnd {
  // What the daemon or the network said. OK when the daemon closed it in peace.
  absl::Status status;
  // google.rpc.ErrorInfo.reason, for example `SEQ_GAP`. Empty when none came.
  std::string reason;
  // google.rpc.ErrorInfo.metadata.
  std::map<std::string, std::string> metadata;
};

// What comes out of a stream: messages, then one end.
using Incoming = std::variant<v1::SessionResponse, StreamEnd>;

// One stream at a time to one daemon. All methods belong to the owner's thread but Wake.
class Transport {
 public:
  virtual ~Transport() = default;

  // Begins a new stream; whatever was open is dropped first. Never blocks: failure arrives as a
  // StreamEnd.
  virtual void Connect() = 0;
  // True when Send may be called. False without a stream, and while too much waits to be written.
  virtual bool CanSend() = 0;
  // Sends a message. Requires CanSend(). That it was handed over proves nothing about its arrival.
  virtual void Send(const v1::SessionRequest& request) = 0;
  // Says that no more will be sent; the daemon then ends the stream.
  virtual void FinishSending() = 0;
  // Takes what came next, if anything did. After a StreamEnd there is no stream.
  virtual std::optional<Incoming> Receive() = 0;
  // Drops the stream. Nothing of it is received afterwards.
  virtual void Drop() = 0;
  // Returns when there may be something to receive or to send, after Wake, or after `wait_max`.
  virtual void Wait(Micros wait_max) = 0;
  // Makes a Wait return. Any thread.
  virtual void Wake() = 0;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_TRANSPORT_H_
