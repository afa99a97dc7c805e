#pragma once

#include "gateway/auth/jwt/jwks_schedule.h"
#include "gateway/auth/jwt/key_set_source.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <condition_variable>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace delta::auth {

/// The keys of an issuer, which a thread of its own fetches anew as JwksSchedule says. What cannot
/// be fetched or is no JWKS changes nothing: the last good keys stay, and it is logged once until
/// it is well again.
class JwksSource final : public KeySetSource
{
public:
    /// Fetches the JWKS, or says why it cannot. Called on the thread of the source; may block, but
    /// not for long after a stop is requested.
    using Fetch = std::function<std::expected<QByteArray, QString>(const std::stop_token &)>;

    /// Begins to fetch. `clock` must outlive it.
    JwksSource(Fetch fetch, const Clock &clock);
    /// Ends a fetch under way.
    ~JwksSource() override;
    JwksSource(const JwksSource &) = delete;
    JwksSource &operator=(const JwksSource &) = delete;

    [[nodiscard]] std::shared_ptr<const KeySet> current() const override
    {
        return m_current.load(std::memory_order_acquire);
    }
    void askAnew() override;

private:
    void run(const std::stop_token &stop);
    void waitUntilDue(const std::stop_token &stop);
    void fetchOnce(const std::stop_token &stop);
    [[nodiscard]] std::expected<void, QString> take(const QByteArray &document);

    const Fetch m_fetch;
    const Clock &m_clock;
    std::atomic<std::shared_ptr<const KeySet>> m_current; ///< Null: none were ever fetched.
    std::atomic<bool> m_isAsked = false; ///< Until the next fetch, so that a flood costs nothing.
    std::mutex m_mutex;                  ///< Of m_changed.
    std::condition_variable_any m_changed;
    JwksSchedule m_schedule; ///< The thread's; so the next two.
    QByteArray m_document;   ///< What the keys were read from: who sends it again changes nothing.
    bool m_isTroubleLogged = false; ///< Whether the last fetch failed.
    std::jthread m_thread;          ///< Last, so that it sees the others made.
};

} // namespace delta::auth
