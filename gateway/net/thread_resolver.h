#pragma once

#include "gateway/net/resolver.h"
#include "shared/core/clock.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace delta::net {

/// Resolves names with the system's getaddrinfo() on threads of its own, because that call blocks:
/// one at first, more when names have to wait for it, so that a dead name does not hold up others.
/// Asks only once at a time for a name, however many callers want it or have given it up.
/// Remembers failures for 1 s, and addresses for 30 s. For 5 minutes more it still gives out these
/// addresses at once while it asks again, and keeps them when that fails: a name server that is
/// away must not stop calls to a provider that is not.
/// One serves all loops of a process; it must outlive its lookups. Destruction waits for the calls
/// of getaddrinfo() that are under way: as long as resolv.conf permits.
class ThreadResolver final : public Resolver
{
public:
    using SystemCall = std::function<Answer(const QByteArray &host)>;
    static constexpr std::chrono::seconds answerLife{30};
    static constexpr std::chrono::minutes staleLife{5};
    static constexpr std::chrono::seconds failureLife{1};
    static constexpr int maxThreads = 8;
    /// Remembered and asked for together. When that many are being asked for, others are refused.
    static constexpr std::size_t maxNames = 1'024;

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
        SteadyTime refresh;           ///< From then on it is asked for again.
        SteadyTime expiry;            ///< From then on the answer is not given out.
        bool isAsked = false;         ///< In the queue, or with a thread.
        std::vector<std::shared_ptr<Waiter>> waiters;
    };

    [[nodiscard]] Entry *entryOf(const QByteArray &host);
    void makeRoom();
    void ask(const QByteArray &host, Entry &entry);
    void startThread();
    void work(const std::stop_token &stop);
    void publish(Entry &entry, const Answer &answer);
    void withdraw(const QByteArray &host, const std::shared_ptr<Waiter> &waiter);
    static void post(const std::shared_ptr<Waiter> &waiter, const Answer &answer);

    const Clock &m_clock;
    SystemCall m_systemCall;
    std::mutex m_mutex; ///< Guards all that follows.
    std::map<QByteArray, Entry> m_entries;
    std::deque<QByteArray> m_queue; ///< Names to ask for.
    std::size_t m_freeThreads = 0;  ///< Those that are not in the system call.
    std::condition_variable_any m_hasWork;
    std::vector<std::jthread> m_threads; ///< Last: they use all of the above.
};

} // namespace delta::net
