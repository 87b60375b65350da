// New work is bounded; work that was begun is finished.
#include "daemon/desk/worker_pool.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

TEST(WorkerPool, RefusesNewWorkWhenFullAndGoesOnWithOld) {
  WorkerPool pool(1, 2);
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::promise<void> started;
  ASSERT_TRUE(pool.TryRun([&started, open] {
    started.set_value();
    open.wait();
  }));
  started.get_future().wait();
  std::atomic<int> ran = 0;
  EXPECT_TRUE(pool.TryRun([&ran] { ++ran; }));
  EXPECT_TRUE(pool.TryRun([&ran] { ++ran; }));
  EXPECT_FALSE(pool.TryRun([&ran] { ran += 100; }));
  pool.Continue([&ran] { ++ran; });
  gate.set_value();
  pool.Stop();
  EXPECT_EQ(ran, 3);
}

TEST(WorkerPool, FinishesOnTheCallersThreadAfterItsEnd) {
  WorkerPool pool(1, 2);
  pool.Stop();
  EXPECT_FALSE(pool.TryRun([] {}));
  bool ran = false;
  pool.Continue([&ran] { ran = true; });
  EXPECT_TRUE(ran);
  pool.Stop();
}

}  // namespace
}  // namespace hallwarden::daemon
