#pragma once

#include "gateway/net/resolver.h"
#include "shared/core/clock.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace delta::net {

/// Resolves names with the system's getaddrinfo() on two threads of its own, because that call
/// blocks.
/// Remembers addresses for 30 s and failures for 1 s, and asks only once for a name that several
/// callers want at the same time. One serves all loops of a process; it must outlive its lookups.
/// Destruction waits for a call of getaddrinfo() that is under way: as long as resolv.conf permits.
class ThreadResolver final : public Resolver
{
public:
    using SystemCall = std::function<Answer(const QByteArray &host)>;
    static constexpr std::chrono::seconds answerLife{30};
    static constexpr std::chrono::seconds failureLife{1};

    explicit ThreadResolver(const Clock &clock);
    /// Asks `systemCall` instead of getaddrinfo(). It is called on the resolver's threads.
    ThreadResolver(const Clock &clock, SystemCall systemCall);
    ~ThreadResolver() override;
    ThreadResolver(const ThreadResolver &) = delete;
    ThreadResolver &operator=(const ThreadResolver &) = delete;

    [[nodiscard]] std::unique_ptr<Lookup> resolve(const QByteArray &host, EventLoop &loop,
                                                  Callback done) override;

private:
    /// A question and where its answer goes. Shared with the work posted to the loop; `done` is
    /// touched on the loop's thread only, and empty once the question was withdrawn.
    struct Waiter {
        EventLoop &loop;
        Callback done;
    };
    class WaitingLookup;
    struct Entry {
        std::optional<Answer> answer; ///< Nothing while the first question is under way.
        SteadyTime expiry;
        std::vector<std::shared_ptr<Waiter>> waiters;
    };

    void work(const std::stop_token &stop);
    void publish(Entry &entry, const Answer &answer);
    void withdraw(const QByteArray &host, const std::shared_ptr<Waiter> &waiter);
    void dropExpired();
    static void post(const std::shared_ptr<Waiter> &waiter, const Answer &answer);

    const Clock &m_clock;
    SystemCall m_systemCall;
    std::mutex m_mutex; ///< Guards the following two.
    std::map<QByteArray, Entry> m_entries;
    std::deque<QByteArray> m_queue; ///< Names to ask for.
    std::condition_variable_any m_hasWork;
    std::array<std::jthread, 2> m_threads; ///< Last: they use all of the above.
};

} // namespace delta::net
