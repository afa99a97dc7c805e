#pragma once

#include "gateway/telemetry/log_record.h"
#include "gateway/telemetry/log_target.h"
#include "shared/models/spend_entry.h"

#include <chrono>
#include <memory>
#include <thread>
#include <variant>

namespace delta::telemetry {

/// A line to be written: a record, or a call whose record is made by the writer's thread.
using LogItem = std::variant<LogRecord, SpendEntry>;

/// Writes log lines on a thread of its own. Callers hand them over through a bounded queue and
/// never wait for the sink: when it is too slow, lines are dropped and counted.
class LogWriter
{
public:
    static constexpr std::size_t defaultCapacity = 8192;

    explicit LogWriter(std::unique_ptr<LogTarget> target, std::size_t capacity = defaultCapacity);
    /// Writes what is queued, for at most two seconds; a sink that blocks longer is left behind
    /// with its lines.
    ~LogWriter();
    LogWriter(const LogWriter &) = delete;
    LogWriter &operator=(const LogWriter &) = delete;

    /// Queues a line. Returns false if it was dropped. Safe from any thread; never blocks on the
    /// sink.
    bool post(LogItem item);
    /// Returns how many lines were lost so far.
    [[nodiscard]] qint64 dropped() const;
    /// Waits until everything that was posted before is written. Returns false if that takes
    /// longer.
    [[nodiscard]] bool flush(std::chrono::milliseconds timeout);

private:
    struct State;

    /// Outlives this object if the thread is stuck in the sink.
    std::shared_ptr<State> m_state;
    std::thread m_thread;
};

} // namespace delta::telemetry
