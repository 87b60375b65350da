// A clock, a disk and a daemon that do what a test says.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hallwarden/v1/directive.pb.h"

#include "tools/session/clock.h"
#include "tools/session/file_system.h"
#include "tools/session/transport.h"

namespace hallwarden::session {

// Stands still unless told.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] Micros Now() const override { return now_; }
  void Advance(Micros by) { now_ += by; }

 private:
  Micros now_{1'000'000'000};
};

// Counts what the world sees of a process, and stops the process before one of these steps: from
// then on nothing it does has an effect.
class PowerSwitch {
 public:
  // Cuts the power before step `step`, counted from 0. Negative: never.
  void CutBefore(std::int64_t step) {
    left_ = step;
    off_ = false;
  }
  // Counts a step. True: the power is gone.
  bool Step() {
    ++steps_;
    if (left_ == 0) off_ = true;
    if (left_ > 0) --left_;
    return off_;
  }
  [[nodiscard]] bool off() const { return off_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }

 private:
  std::int64_t left_ = -1;
  std::int64_t steps_ = 0;
  bool off_ = false;
};

// A disk that forgets at a power cut what was not synced: of every file any part behind the synced
// one, of every directory any of the last renames.
class FakeFileSystem final : public FileSystem {
 public:
  explicit FakeFileSystem(PowerSwitch* power) : power_(power) {}

  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<WritableFile>> Create(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status SyncDirectory(const std::string& directory) override;
  absl::Status Truncate(const std::string& path, std::int64_t size_bytes) override;
  absl::StatusOr<std::vector<FileInfo>> List(const std::string& directory) override;

  // What happens to the disk when the power goes.
  void ForgetUnsynced(Jitter* jitter);

  // The rest is how a test, or another program, uses the disk: no step, no failure.
  void Write(const std::string& path, const std::string& content);
  void AppendTo(const std::string& path, const std::string& content);
  void Move(const std::string& from, const std::string& to);
  void Remove(const std::string& path);
  [[nodiscard]] std::string Read(const std::string& path) const;
  [[nodiscard]] bool Exists(const std::string& path) const { return names_.contains(path); }
  [[nodiscard]] std::uint64_t InodeOf(const std::string& path) const { return names_.at(path); }

  struct Inode {
    std::string content;
    std::string synced;
    std::int64_t mtime_ns = 0;
  };

 private:
  friend class FakeFile;
  struct DirectoryChange {
    std::string from;
    std::string to;
    std::uint64_t inode = 0;
  };

  std::uint64_t InodeFor(const std::string& path);
  void Apply(const DirectoryChange& change, std::map<std::string, std::uint64_t>* names) const;

  PowerSwitch* power_;
  std::map<std::uint64_t, std::shared_ptr<Inode>> inodes_;
  std::map<std::string, std::uint64_t> names_;
  std::map<std::string, std::uint64_t> durable_names_;
  std::vector<DirectoryChange> changes_;
  std::uint64_t next_inode_ = 1;
  std::int64_t next_time_ = 1;
};

// How a FakeDaemon misbehaves. Chances in thousandths of each message.
struct Weather {
  // The stream breaks before the daemon saw the message ...
  std::uint32_t lost = 0;
  // ... or after, so that its answer is lost.
  std::uint32_t answer_lost = 0;
  // An acknowledgement comes twice.
  std::uint32_t repeated_ack = 0;
  // An acknowledgement is left to the next one.
  std::uint32_t late_ack = 0;
  // A directive is made after a batch.
  std::uint32_t directive = 0;
};

// Keeps the session contract from the daemon's side and remembers what it was told, across streams
// and across clients.
class FakeDaemon final : public Transport {
 public:
  FakeDaemon(FakeClock* clock, PowerSwitch* power, std::uint64_t seed)
      : clock_(clock), power_(power), random_(seed) {}

  void Connect() override;
  bool CanSend() override;
  void Send(const v1::SessionRequest& request) override;
  void FinishSending() override;
  std::optional<Incoming> Receive() override;
  void Drop() override;
  void Wait(Micros wait_max) override;
  void Wake() override {}

  // The client's process is gone.
  void ClientDied();
  // Makes a directive and sends it when a stream is open. Returns its number.
  std::int64_t Order(const std::string& account);
  // Ends the open stream.
  void End(const absl::Status& status, const std::string& reason,
           const std::map<std::string, std::string>& metadata);
  // Puts a message into the open stream, whatever the contract says.
  void Say(const v1::SessionResponse& response) { incoming_.emplace_back(response); }

  Weather weather;
  std::int64_t history_epoch = 1;
  std::int64_t credit_events = 100;
  std::int64_t credit_bytes = 10'000;
  // Refuses these events, each alone.
  std::function<bool(const std::string&)> refuses;
  // Told with HelloOk.
  std::optional<v1::AuditCheckpoint> audit_checkpoint;
  // Answers no Hello.
  bool mute = false;

  // Everything up to durable() is here, from 1 on.
  std::map<std::int64_t, std::string> events;
  [[nodiscard]] std::int64_t durable() const { return durable_; }
  void set_durable(std::int64_t seq) { durable_ = seq; }
  std::vector<v1::Directive> directives;
  // Outcomes in the order of their coming.
  std::map<std::int64_t, std::vector<v1::DirectiveOutcome>> outcomes;
  std::vector<v1::Hello> hellos;
  // Breaches of the contract by the client, in words.
  std::vector<std::string> breaches;
  std::int64_t repeated_events = 0;
  std::int64_t max_in_flight = 0;
  std::size_t max_batch = 0;

 private:
  bool Chance(std::uint32_t per_mille) { return random_.Next() % 1000 < per_mille; }
  void Process(const v1::SessionRequest& request);
  void ProcessHello(const v1::Hello& hello);
  void ProcessEvents(const v1::EventBatch& batch);
  void Break(const std::string& why);

  FakeClock* clock_;
  PowerSwitch* power_;
  SeededJitter random_;
  bool open_ = false;
  bool greeted_ = false;
  std::int64_t durable_ = 0;
  std::int64_t session_ = 0;
  std::deque<Incoming> incoming_;
  std::vector<v1::RejectedEvent> unsaid_rejects_;
  std::int64_t unsaid_durable_ = 0;
};

}  // namespace hallwarden::session
