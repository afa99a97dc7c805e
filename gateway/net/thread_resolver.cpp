#include "gateway/net/thread_resolver.h"

#include "gateway/net/event_loop.h"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace delta::net {

namespace {

Resolver::Answer askSystem(const QByteArray &host)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo *list = nullptr;
    const int error = ::getaddrinfo(host.constData(), nullptr, &hints, &list);
    if (error != 0) {
        const char *reason = error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error);
        return std::unexpected(QString::fromLocal8Bit(reason));
    }
    std::vector<SocketAddress> addresses;
    for (const addrinfo *entry = list; entry; entry = entry->ai_next) {
        if (const auto address = SocketAddress::fromSystem(*entry->ai_addr)) {
            addresses.push_back(*address);
        }
    }
    ::freeaddrinfo(list);
    if (addresses.empty()) {
        return std::unexpected(QStringLiteral("the name has no address"));
    }
    return addresses;
}

} // namespace

class ThreadResolver::WaitingLookup final : public Lookup
{
public:
    WaitingLookup(ThreadResolver &resolver, QByteArray host, std::shared_ptr<Waiter> waiter)
        : m_resolver(resolver)
        , m_host(std::move(host))
        , m_waiter(std::move(waiter))
    {
    }
    ~WaitingLookup() override
    {
        m_waiter->done = nullptr;
        m_resolver.withdraw(m_host, m_waiter);
    }
    Q_DISABLE_COPY_MOVE(WaitingLookup)

private:
    ThreadResolver &m_resolver;
    QByteArray m_host;
    std::shared_ptr<Waiter> m_waiter;
};

ThreadResolver::ThreadResolver(const Clock &clock)
    : ThreadResolver(clock, askSystem)
{
}

ThreadResolver::ThreadResolver(const Clock &clock, SystemCall systemCall)
    : m_clock(clock)
    , m_systemCall(std::move(systemCall))
{
    startThread();
}

ThreadResolver::~ThreadResolver()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_queue.clear(); // The threads would ask for all of it before they end.
    }
    for (std::jthread &thread : m_threads) {
        thread.request_stop();
    }
}

std::unique_ptr<Resolver::Lookup> ThreadResolver::resolve(const QByteArray &host, EventLoop &loop,
                                                          Callback done)
{
    auto waiter = std::make_shared<Waiter>(loop, std::move(done));
    auto lookup = std::make_unique<WaitingLookup>(*this, host, waiter);
    const SteadyTime now = m_clock.steady();
    const std::scoped_lock lock(m_mutex);
    Entry *entry = entryOf(host);
    if (!entry) {
        post(waiter, std::unexpected(QStringLiteral("too many names are being looked up")));
        return lookup;
    }
    const bool isKnown = entry->answer && now < entry->expiry;
    if (isKnown) {
        post(waiter, *entry->answer);
    } else {
        entry->waiters.push_back(std::move(waiter));
    }
    if (!isKnown || now >= entry->refresh) {
        ask(host, *entry);
    }
    return lookup;
}

/// Returns the entry of a name, a new one if there is none; null if there is no room for it.
ThreadResolver::Entry *ThreadResolver::entryOf(const QByteArray &host)
{
    if (const auto found = m_entries.find(host); found != m_entries.end()) {
        return &found->second;
    }
    if (m_entries.size() >= maxNames) {
        makeRoom();
    }
    return m_entries.size() < maxNames ? &m_entries[host] : nullptr;
}

void ThreadResolver::makeRoom()
{
    // What is asked for has callers, and stays. What is only remembered can be asked for again.
    const SteadyTime now = m_clock.steady();
    std::erase_if(m_entries, [now](const auto &each) {
        return !each.second.isAsked && each.second.expiry <= now;
    });
    if (m_entries.size() >= maxNames) {
        std::erase_if(m_entries, [](const auto &each) { return !each.second.isAsked; });
    }
}

void ThreadResolver::ask(const QByteArray &host, Entry &entry)
{
    if (std::exchange(entry.isAsked, true)) {
        return;
    }
    m_queue.push_back(host);
    if (m_queue.size() > m_freeThreads && m_threads.size() < maxThreads) {
        try {
            startThread();
        } catch (const std::system_error &) {
            // The name waits for one of the threads that there are.
        }
    }
    m_hasWork.notify_one();
}

void ThreadResolver::startThread()
{
    m_threads.emplace_back([this](const std::stop_token &stop) { work(stop); });
    ++m_freeThreads;
}

void ThreadResolver::work(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_hasWork.wait(lock, stop, [this] { return !m_queue.empty(); })) {
        const QByteArray host = std::move(m_queue.front());
        m_queue.pop_front();
        --m_freeThreads;
        lock.unlock();
        const Answer answer = m_systemCall(host);
        lock.lock();
        ++m_freeThreads;
        publish(m_entries.at(host), answer); // It is there: who is asked for stays.
    }
}

void ThreadResolver::publish(Entry &entry, const Answer &answer)
{
    const SteadyTime now = m_clock.steady();
    const bool isOldStillGood = entry.answer && *entry.answer && now < entry.expiry;
    entry.isAsked = false;
    entry.refresh = now + (answer ? answerLife : failureLife);
    if (answer || !isOldStillGood) {
        entry.answer = answer;
        entry.expiry = answer ? entry.refresh + staleLife : entry.refresh;
    }
    for (const auto &waiter : std::exchange(entry.waiters, {})) {
        post(waiter, *entry.answer);
    }
}

void ThreadResolver::post(const std::shared_ptr<Waiter> &waiter, const Answer &answer)
{
    waiter->loop.post([waiter, answer] {
        // The callback destroys the lookup, which clears the waiter's function while it runs.
        if (const Callback done = std::exchange(waiter->done, nullptr)) {
            done(answer);
        }
    });
}

void ThreadResolver::withdraw(const QByteArray &host, const std::shared_ptr<Waiter> &waiter)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto entry = m_entries.find(host); entry != m_entries.end()) {
        std::erase(entry->second.waiters, waiter);
    }
}

} // namespace delta::net
