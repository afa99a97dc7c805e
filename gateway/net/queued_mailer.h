#pragma once

#include "gateway/net/mailer_settings.h"
#include "gateway/net/side_caller.h"
#include "gateway/ports/mailer.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArray>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace delta::net {

/// Sends letters one after another, on a thread of its own. They wait in memory only: what a letter holds is good for a
/// while and for one person, and must not lie in a database. What a server does not take is tried again with growing
/// pauses, and holds no other letter up.
class QueuedMailer final : public ports::Mailer
{
public:
    /// How much it does for a letter.
    struct Patience {
        std::size_t mostWaiting = 1'000;
        int mostAttempts = 10; ///< A quarter of an hour, with the pause below.
        std::chrono::milliseconds firstPause{2'000}; ///< Twice as long after each further attempt.
        std::chrono::milliseconds atTheEnd{5'000};   ///< What finish() takes at most.
    };
    /// Must outlive the mailer.
    struct Parts {
        const Clock &clock;
        Random &random;
    };

    /// Starts the thread. `settings` have a host.
    QueuedMailer(MailerSettings settings, Parts parts, Patience patience);
    QueuedMailer(MailerSettings settings, Parts parts);
    ~QueuedMailer() override;
    QueuedMailer(const QueuedMailer &) = delete;
    QueuedMailer &operator=(const QueuedMailer &) = delete;

    [[nodiscard]] bool post(ports::Mail mail) override;
    /// Takes no more letters, sends those that wait, each with one attempt, and ends the thread.
    void finish();

private:
    struct Letter {
        ports::Mail mail;
        QByteArray id;
        SteadyTime due; ///< When it is tried next.
        int attempts = 0;
    };

    void run();
    /// Waits for the next letter that is due, and takes it; nothing: there will be none.
    [[nodiscard]] std::optional<Letter> next();
    void deliver(Letter letter, const SideCaller &caller);
    [[nodiscard]] QByteArray written(const Letter &letter) const;
    void tryLater(Letter letter, const QString &reason);

    const MailerSettings m_settings;
    const Parts m_parts;
    const Patience m_patience;
    std::stop_source m_abort; ///< Cuts the call under way short.
    std::mutex m_mutex;       ///< Guards what follows.
    std::condition_variable m_changed;
    std::list<Letter> m_waiting;
    bool m_isFinishing = false;
    bool m_isOver = false; ///< The thread does nothing any more.
    std::jthread m_thread; ///< Last, so that it sees the others made.
};

} // namespace delta::net
