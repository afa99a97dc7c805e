#pragma once

#include "gateway/auth/hook/hook_cache.h"
#include "gateway/auth/hook/hook_settings.h"
#include "gateway/auth/pepper.h"
#include "gateway/auth/principal.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArrayView>
#include <QHash>
#include <QString>

#include <condition_variable>
#include <deque>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace delta::auth {

/// Finds out who holds a credential that nothing here knows, by asking somebody outside. What they said is remembered
/// for a while under the HMAC of the credential, and all who come with the same one meanwhile wait for one question.
/// While the other side fails nobody is let in whom it did not let in lately, and it has a second's rest between
/// two questions. Safe from any thread.
class HookAuthenticator
{
public:
    /// Asks about a credential and returns the text of the answer, or says why there is none. Called on threads of
    /// the authenticator, several at once; may block, but not for long after a stop is requested.
    using Ask = std::function<std::expected<QByteArray, QString>(const Secret &credential,
                                                                 const std::stop_token &stop)>;
    /// Hears who it is. Called on a thread of the authenticator, or at once.
    using Answer = std::function<void(const Result<Principal> &)>;
    struct Parts {
        Ask ask;
        Pepper names; ///< Of this purpose alone, see Pepper::derived().
        const Clock &clock;
    };

    /// No credential is longer: longer ones are refused unasked.
    static constexpr qsizetype longestCredential = 4'096;
    /// No more questions wait.
    static constexpr std::size_t mostWaiting = 256;
    static constexpr std::chrono::seconds restAfterFailure{1};

    HookAuthenticator(Parts parts, const HookSettings &settings);
    ~HookAuthenticator();
    HookAuthenticator(const HookAuthenticator &) = delete;
    HookAuthenticator &operator=(const HookAuthenticator &) = delete;

    /// Returns what is known of a credential; nothing: it must be asked about.
    /// Errors: InvalidApiKey if it was refused, or can be none.
    [[nodiscard]] std::optional<Result<Principal>> known(QByteArrayView credential);
    /// Asks, and answers once. Errors: InvalidApiKey if it is refused; hookUnavailable() if nobody can say.
    void ask(QByteArrayView credential, Answer answer);
    /// Answers all who wait that nobody can say, and asks nobody any more.
    void stop();

private:
    struct Question {
        QByteArray name;
        Secret credential;
        SteadyTime since{};
    };
    using Verdict = std::expected<HookCache::Facts, ApiError>;

    [[nodiscard]] QByteArray nameOf(QByteArrayView credential) const;
    [[nodiscard]] std::optional<ApiError> refusal() const;
    void run(const std::stop_token &stop);
    [[nodiscard]] std::optional<Question> next(const std::stop_token &stop);
    [[nodiscard]] Verdict decide(const Question &question, const std::stop_token &stop);
    [[nodiscard]] Verdict conclude(const Question &question,
                                   const std::expected<QByteArray, QString> &text);
    void answer(const QByteArray &name, const Verdict &verdict);

    const Parts m_parts;
    const HookSettings m_settings;
    std::mutex m_mutex; ///< Guards the rest.
    std::condition_variable_any m_changed;
    HookCache m_cache;
    std::deque<Question> m_questions; ///< Nobody asks these yet.
    QHash<QByteArray, std::vector<Answer>>
        m_waiting; ///< By name; also of those that are being asked.
    SteadyTime m_restUntil = SteadyTime::min();
    bool m_isStopped = false;
    bool m_isTroubleLogged = false;
    std::vector<std::jthread> m_threads; ///< Last, so that they see the others made.
};

/// Makes the error while nobody can say whose a credential is: 503 with the code `identity_unavailable`.
[[nodiscard]] ApiError hookUnavailable(const QString &detail);

} // namespace delta::auth
