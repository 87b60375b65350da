// Six promises of a directive stream, each with its own name in what it says, checked over
// everything that one game server saw on all its sessions:
//   Ordered      within a session, numbers rise
//   Unique       within a session a number comes once, and always, for ever, with the same bytes
//   Reliable     a session leaves out only what was answered
//   Resumable    a session begins behind what its Hello said
//   Bookmarkable durable positions never go back, and never name what was not sent
//   Atomic       what came is in the store with its cause (the oracle checks it, with `delivered`)
#ifndef HALLWARDEN_TESTS_CHAOS_VALIDATORS_H_
#define HALLWARDEN_TESTS_CHAOS_VALIDATORS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hallwarden/v1/hall_service.pb.h"

namespace hallwarden::chaos {

// Not thread-safe: belongs to the server's thread.
class StreamValidator {
 public:
  explicit StreamValidator(std::string server) : server_(std::move(server)) {}

  void OnConnect();
  // What goes to the wire.
  void OnSent(const v1::SessionRequest& request);
  // What came from the wire, before anything may lose it.
  void OnReceived(const v1::SessionResponse& response);

  // Directives that came, by number: HashOf their bytes.
  [[nodiscard]] const std::map<std::int64_t, std::uint64_t>& delivered() const {
    return delivered_;
  }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  void Fault(const char* promise, const std::string& what);
  void OnDirective(const v1::Directive& directive);

  std::string server_;
  std::vector<std::string> faults_;
  std::map<std::int64_t, std::uint64_t> delivered_;
  // Answers that were handed to the wire on any session.
  std::set<std::int64_t> answered_;
  std::int64_t highest_sent_ = 0;  // event
  std::int64_t durable_ever_ = 0;  // as the daemon said, on any session
  // This session.
  std::int64_t hello_directive_ = 0;
  std::int64_t last_ = 0;  // directive
  std::int64_t durable_ = 0;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_VALIDATORS_H_
