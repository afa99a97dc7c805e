#include "gateway/net/epoll_dispatcher.h"

#include <QCoreApplication>
#include <QEvent>
#include <QSocketNotifier>
#include <QTimerEvent>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace delta::net {

/// Qt's notifiers of one descriptor, indexed by QSocketNotifier::Type.
class EpollDispatcher::NotifierSet final : public FdHandler
{
public:
    NotifierSet() = default;
    ~NotifierSet() override
    {
        if (m_isAlive) {
            *m_isAlive = false;
        }
    }
    Q_DISABLE_COPY_MOVE(NotifierSet)

    std::array<QSocketNotifier *, 3> notifiers{};

    [[nodiscard]] std::uint32_t mask() const
    {
        return (notifiers[0] ? std::uint32_t(EPOLLIN) : 0U)
            | (notifiers[1] ? std::uint32_t(EPOLLOUT) : 0U)
            | (notifiers[2] ? std::uint32_t(EPOLLPRI) : 0U);
    }

    void onEvents(std::uint32_t events) override
    {
        // A hang-up goes to every notifier: nobody could silence it otherwise, and epoll repeats
        // it.
        constexpr std::uint32_t broken = EPOLLHUP | EPOLLERR;
        constexpr std::array<std::uint32_t, 3> wanted{EPOLLIN | broken, EPOLLOUT | broken,
                                                      EPOLLPRI | broken};
        bool isAlive = true; // The callee may delete this set.
        bool *const outer = std::exchange(m_isAlive, &isAlive);
        for (std::size_t type = 0; type < wanted.size(); ++type) {
            if ((events & wanted[type]) == 0 || !notifiers[type]) {
                continue;
            }
            QEvent event(QEvent::SockAct);
            QCoreApplication::sendEvent(notifiers[type], &event);
            if (!isAlive) {
                if (outer) {
                    *outer = false;
                }
                return;
            }
        }
        m_isAlive = outer;
    }

private:
    bool *m_isAlive = nullptr; ///< Becomes false when this dies; null outside of onEvents().
};

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcherV2(parent)
{
}

EpollDispatcher::~EpollDispatcher() = default;

EpollDispatcher &EpollDispatcher::ofThisThread()
{
    auto *dispatcher = qobject_cast<EpollDispatcher *>(QAbstractEventDispatcher::instance());
    if (!dispatcher) {
        throw std::logic_error("this thread does not run on the epoll dispatcher");
    }
    return *dispatcher;
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    m_isInterrupted.store(false);
    const bool wasWoken = m_isWoken.exchange(false);
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();
    m_loop.runPosted();
    m_loop.flush();
    if (m_isInterrupted.load()) {
        return wasWoken; // Somebody left the event loop: it must not see further events.
    }
    const bool hasEvents = sleep(flags);
    m_loop.timers().advance(std::chrono::steady_clock::now());
    const bool hasTimers = !m_due.empty() && fireQtTimers();
    // Callers without WaitForMoreEvents turn the loop until this says that there was nothing to do.
    return wasWoken || hasEvents || hasTimers || m_isWoken.load() || m_loop.hasFlushes();
}

bool EpollDispatcher::sleep(QEventLoop::ProcessEventsFlags flags)
{
    const std::int64_t timeout = sleepNs(flags);
    if (flags.testFlag(QEventLoop::ExcludeSocketNotifiers)) {
        m_loop.waitForWake(timeout);
        m_loop.m_isSleeping.store(false);
        return false;
    }
    const int count = m_loop.wait(timeout);
    m_loop.m_isSleeping.store(false);
    m_loop.dispatch();
    return count > 0;
}

std::int64_t EpollDispatcher::sleepNs(QEventLoop::ProcessEventsFlags flags)
{
    if (!flags.testFlag(QEventLoop::WaitForMoreEvents) || m_isInterrupted.load()) {
        return 0;
    }
    Q_EMIT aboutToBlock();
    m_loop.flush();
    if (m_loop.hasFlushes()) {
        return 0; // They must not wait for an event, nor the events for them.
    }
    // From here on another thread must write the eventfd to be noticed; what it did before shows in
    // m_isWoken.
    m_loop.m_isSleeping.store(true);
    if (m_isWoken.load() || m_loop.hasPosted()) {
        return 0;
    }
    std::optional<SteadyTime> due = m_loop.timers().nextDeadline();
    if (!m_due.empty() && (!due || m_due.begin()->first < *due)) {
        due = m_due.begin()->first;
    }
    if (!due) {
        return -1;
    }
    const auto left = *due - std::chrono::steady_clock::now();
    return std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::nanoseconds>(left).count());
}

bool EpollDispatcher::fireQtTimers()
{
    const SteadyTime now = std::chrono::steady_clock::now();
    std::vector<DueTimer> due(m_due.begin(),
                              m_due.upper_bound({now, std::numeric_limits<int>::max()}));
    for (const DueTimer &entry : due) {
        const auto timer = m_timers.find(entry.second);
        if (timer == m_timers.end() || timer->due != entry.first) {
            continue; // A timer before it in this turn stopped or restarted it.
        }
        // It is due again only after its handler: like Qt's own timers it does not recurse when the
        // handler turns a nested event loop.
        m_due.erase(entry);
        timer->isFiring = true;
        timer->due = std::max(now + std::chrono::nanoseconds(1), timer->due + timer->interval);
        QTimerEvent event{Qt::TimerId(entry.second)};
        QCoreApplication::sendEvent(timer->object, &event);
        const auto fired = m_timers.find(entry.second);
        if (fired != m_timers.end() && std::exchange(fired->isFiring, false)) {
            m_due.insert({fired->due, entry.second});
        }
    }
    return !due.empty();
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    auto &set = m_notifiers[fd];
    const bool isNew = !set;
    if (isNew) {
        set = std::make_unique<NotifierSet>();
    }
    set->notifiers[static_cast<std::size_t>(notifier->type())] = notifier;
    if (isNew) {
        m_loop.add(fd, set->mask(), *set);
    } else {
        m_loop.modify(fd, set->mask(), *set);
    }
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    const auto found = m_notifiers.find(fd);
    const auto type = static_cast<std::size_t>(notifier->type());
    if (found == m_notifiers.end() || found->second->notifiers[type] != notifier) {
        return;
    }
    NotifierSet &set = *found->second;
    set.notifiers[type] = nullptr;
    if (set.mask() != 0) {
        m_loop.modify(fd, set.mask(), set);
        return;
    }
    m_loop.remove(fd, set);
    m_notifiers.erase(found);
}

void EpollDispatcher::registerTimer(Qt::TimerId id, Duration interval, Qt::TimerType type,
                                    QObject *object)
{
    const SteadyTime due = std::chrono::steady_clock::now() + interval;
    m_timers.insert(qToUnderlying(id), {interval, due, object, type, false});
    m_due.insert({due, qToUnderlying(id)});
}

bool EpollDispatcher::unregisterTimer(Qt::TimerId id)
{
    const auto timer = m_timers.constFind(qToUnderlying(id));
    if (timer == m_timers.cend()) {
        return false;
    }
    m_due.erase({timer->due, qToUnderlying(id)});
    m_timers.erase(timer);
    return true;
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    const auto removed = m_timers.removeIf([this, object](const auto &entry) {
        if (entry.value().object != object) {
            return false;
        }
        m_due.erase({entry.value().due, entry.key()});
        return true;
    });
    return removed > 0;
}

QList<QAbstractEventDispatcherV2::TimerInfoV2> EpollDispatcher::timersForObject(
    QObject *object) const
{
    QList<TimerInfoV2> timers;
    for (auto entry = m_timers.cbegin(); entry != m_timers.cend(); ++entry) {
        if (entry->object == object) {
            timers.append({entry->interval, Qt::TimerId(entry.key()), entry->type});
        }
    }
    return timers;
}

QAbstractEventDispatcherV2::Duration EpollDispatcher::remainingTime(Qt::TimerId id) const
{
    const auto timer = m_timers.constFind(qToUnderlying(id));
    if (timer == m_timers.cend()) {
        return Duration(-1);
    }
    return std::max(Duration(0), Duration(timer->due - std::chrono::steady_clock::now()));
}

void EpollDispatcher::wakeUp()
{
    // Most wake-ups come from the loop's own thread while it runs: those need no system call.
    if (!m_isWoken.exchange(true) && m_loop.m_isSleeping.load()) {
        m_loop.wake();
    }
}

void EpollDispatcher::interrupt()
{
    // Unlike a wake-up, an interrupt must not be lost when it comes just before a turn begins.
    m_isInterrupted.store(true);
    m_loop.wake();
}

} // namespace delta::net
