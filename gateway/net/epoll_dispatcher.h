#pragma once

#include "gateway/net/event_loop.h"

#include <QAbstractEventDispatcher>
#include <QHash>

#include <atomic>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

namespace delta::net {

/// Lets Qt run on our EventLoop: one epoll for Qt's own notifiers and timers and for our raw
/// descriptors.
///
/// Qt's stock dispatchers build a poll list of every descriptor on every turn, which costs
/// milliseconds per request at 10,000 idle connections. Install it before the thread's QEventLoop
/// starts:
/// QCoreApplication::setEventDispatcher() or QThread::setEventDispatcher(), which take ownership.
class EpollDispatcher final : public QAbstractEventDispatcherV2
{
    Q_OBJECT
public:
    explicit EpollDispatcher(QObject *parent = nullptr);
    ~EpollDispatcher() override;

    /// Returns the dispatcher of the calling thread. Throws std::logic_error if it has another
    /// kind.
    [[nodiscard]] static EpollDispatcher &ofThisThread();
    [[nodiscard]] EventLoop &loop()
    {
        return m_loop;
    }

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;
    void registerTimer(Qt::TimerId id, Duration interval, Qt::TimerType type,
                       QObject *object) override;
    bool unregisterTimer(Qt::TimerId id) override;
    bool unregisterTimers(QObject *object) override;
    [[nodiscard]] QList<TimerInfoV2> timersForObject(QObject *object) const override;
    [[nodiscard]] Duration remainingTime(Qt::TimerId id) const override;
    void wakeUp() override;
    void interrupt() override;

private:
    class NotifierSet;
    struct QtTimer {
        Duration interval{};
        SteadyTime due;
        QObject *object = nullptr;
        Qt::TimerType type = Qt::CoarseTimer;
        bool isFiring = false; ///< Its handler is running.
    };
    using DueTimer = std::pair<SteadyTime, int>;

    bool sleep(QEventLoop::ProcessEventsFlags flags);
    [[nodiscard]] std::int64_t sleepNs(QEventLoop::ProcessEventsFlags flags);
    bool fireQtTimers();

    EventLoop m_loop;
    std::unordered_map<int, std::unique_ptr<NotifierSet>> m_notifiers;
    QHash<int, QtTimer> m_timers;
    std::set<DueTimer> m_due;
    std::atomic<bool> m_isWoken = false;
    std::atomic<bool> m_isInterrupted = false;
};

} // namespace delta::net
