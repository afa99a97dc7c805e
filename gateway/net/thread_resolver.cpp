#include "gateway/net/thread_resolver.h"

#include "gateway/net/event_loop.h"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace delta::net {

namespace {

/// Beyond this many names, what has expired is thrown out before a new one comes in.
constexpr std::size_t fewNames = 256;

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
    for (std::jthread &thread : m_threads) {
        thread = std::jthread([this](const std::stop_token &stop) { work(stop); });
    }
}

ThreadResolver::~ThreadResolver() = default;

std::unique_ptr<Resolver::Lookup> ThreadResolver::resolve(const QByteArray &host, EventLoop &loop,
                                                          Callback done)
{
    auto waiter = std::make_shared<Waiter>(loop, std::move(done));
    auto lookup = std::make_unique<WaitingLookup>(*this, host, waiter);
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(host);
    if (found != m_entries.end() && found->second.answer
        && m_clock.steady() < found->second.expiry) {
        post(waiter, *found->second.answer);
        return lookup;
    }
    if (found == m_entries.end() && m_entries.size() >= fewNames) {
        dropExpired();
    }
    Entry &entry = m_entries[host];
    entry.waiters.push_back(std::move(waiter));
    if (entry.waiters.size() == 1) {
        m_queue.push_back(host);
        m_hasWork.notify_one();
    }
    return lookup;
}

void ThreadResolver::work(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_hasWork.wait(lock, stop, [this] { return !m_queue.empty(); })) {
        const QByteArray host = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        const Answer answer = m_systemCall(host);
        lock.lock();
        if (const auto entry = m_entries.find(host); entry != m_entries.end()) {
            publish(entry->second, answer);
        }
    }
}

void ThreadResolver::publish(Entry &entry, const Answer &answer)
{
    entry.answer = answer;
    entry.expiry = m_clock.steady() + (answer ? answerLife : failureLife);
    for (const auto &waiter : std::exchange(entry.waiters, {})) {
        post(waiter, answer);
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

void ThreadResolver::dropExpired()
{
    const SteadyTime now = m_clock.steady();
    std::erase_if(m_entries, [now](const auto &entry) {
        return entry.second.waiters.empty() && entry.second.expiry < now;
    });
}

} // namespace delta::net
