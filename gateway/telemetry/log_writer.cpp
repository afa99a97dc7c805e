#include "gateway/telemetry/log_writer.h"

#include "gateway/telemetry/access_log.h"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>
#include <vector>

namespace delta::telemetry {

using namespace std::chrono_literals;

namespace {

/// How long an unimportant line may wait for company: one system call then serves many lines.
constexpr auto gatherTime = 20ms;
constexpr auto shutdownTime = 2s;

bool isUrgent(const LogItem &item)
{
    const auto *record = std::get_if<LogRecord>(&item);
    return record != nullptr && record->level >= LogLevel::Warning;
}

LogRecord recordOf(LogItem &item)
{
    if (const auto *call = std::get_if<SpendEntry>(&item)) {
        return callRecord(*call);
    }
    return std::move(std::get<LogRecord>(item));
}

/// Leaves all signals to the threads that handle them; SIGPIPE from a closed sink becomes an error.
void blockSignals()
{
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

} // namespace

struct LogWriter::State {
    State(std::unique_ptr<LogTarget> sink, std::size_t limit)
        : target(std::move(sink))
        , capacity(limit)
    {
    }

    void run();
    void gather(std::unique_lock<std::mutex> &lock);
    void write(std::vector<LogItem> &batch);

    const std::unique_ptr<LogTarget> target;
    const std::size_t capacity;
    std::atomic<qint64> dropped = 0;

    std::mutex mutex; ///< Guards what follows; never held while the sink works.
    std::condition_variable wakeUp;
    std::condition_variable progress;
    std::vector<LogItem> queue;
    bool isHurried = false; ///< Somebody wants the lines now.
    bool isStopping = false;
    bool isIdle = true; ///< The thread holds no lines.
    bool isEnded = false;
};

void LogWriter::State::run()
{
    blockSignals();
    std::vector<LogItem> batch;
    std::unique_lock lock(mutex);
    while (true) {
        wakeUp.wait(lock, [this] { return !queue.empty() || isStopping; });
        if (queue.empty()) {
            break;
        }
        gather(lock);
        std::swap(batch, queue);
        isHurried = false;
        isIdle = false;
        lock.unlock();
        write(batch);
        lock.lock();
        isIdle = true;
        progress.notify_all();
    }
    isEnded = true;
    progress.notify_all();
}

/// Lets lines gather before they are written, unless there is a reason to hurry.
void LogWriter::State::gather(std::unique_lock<std::mutex> &lock)
{
    wakeUp.wait_for(lock, gatherTime,
                    [this] { return isHurried || isStopping || queue.size() > capacity / 2; });
}

void LogWriter::State::write(std::vector<LogItem> &batch)
{
    std::vector<LogRecord> records;
    records.reserve(batch.size());
    for (LogItem &item : batch) {
        records.push_back(recordOf(item));
    }
    batch.clear();
    dropped += static_cast<qint64>(target->write(records));
}

LogWriter::LogWriter(std::unique_ptr<LogTarget> target, std::size_t capacity)
    : m_state(std::make_shared<State>(std::move(target), capacity))
    , m_thread([state = m_state] { state->run(); })
{
}

LogWriter::~LogWriter()
{
    bool isEnded = false;
    {
        std::unique_lock lock(m_state->mutex);
        m_state->isStopping = true;
        m_state->wakeUp.notify_all();
        isEnded = m_state->progress.wait_for(lock, shutdownTime,
                                             [this] { return m_state->isEnded; });
    }
    if (isEnded) {
        m_thread.join();
    } else {
        m_thread.detach();
    }
}

bool LogWriter::post(LogItem item)
{
    const bool urgent = isUrgent(item);
    bool mustWake = false;
    {
        const std::scoped_lock lock(m_state->mutex);
        if (m_state->queue.size() >= m_state->capacity) {
            ++m_state->dropped;
            return false;
        }
        m_state->queue.push_back(std::move(item));
        m_state->isHurried |= urgent;
        // Other lines need no system call to wake a thread that already gathers.
        mustWake = urgent || m_state->queue.size() == 1
            || m_state->queue.size() == m_state->capacity / 2 + 1;
    }
    if (mustWake) {
        m_state->wakeUp.notify_one();
    }
    return true;
}

qint64 LogWriter::dropped() const
{
    return m_state->dropped;
}

bool LogWriter::flush(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_state->mutex);
    m_state->isHurried = true;
    m_state->wakeUp.notify_one();
    return m_state->progress.wait_for(lock, timeout,
                                      [this] { return m_state->queue.empty() && m_state->isIdle; });
}

} // namespace delta::telemetry
