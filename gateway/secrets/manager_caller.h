#pragma once

#include "gateway/net/side_caller.h"
#include "gateway/secrets/secret_manager.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QUrl>

#include <chrono>
#include <expected>

namespace delta::secrets {

/// A question to a secret manager.
struct ManagerQuestion {
    QString manager; ///< What people call the one that is asked.
    net::SideRequest request;
    QByteArray caFile{}; ///< PEM bundle to trust; empty: the system's.
};

/// Whatever was answered, whether or not it is a success.
struct ManagerAnswer {
    int status = 0;
    QJsonObject body; ///< Empty if it is no JSON object.
};

/// Asks secret managers over HTTP, each question for at most 5 s and all of them for 15 s. Confined to one thread.
class ManagerCaller
{
public:
    /// The time of all questions begins now. `clock` must outlive it.
    explicit ManagerCaller(const Clock &clock);

    /// Asks, and returns the answer with its status. Errors: Passing if there is none, or if it says that it cannot
    /// answer now (429, 5xx); Lasting if the server is not who it should be.
    [[nodiscard]] std::expected<ManagerAnswer, ports::SecretFailure> ask(
        const ManagerQuestion &question) const;
    /// Returns the body of a success. Errors: those of ask(); Lasting for each other status, with advice.
    [[nodiscard]] std::expected<QJsonObject, ports::SecretFailure> askForObject(
        const ManagerQuestion &question) const;

private:
    const Clock &m_clock;
    const SteadyTime m_end;
};

/// Returns what an unsuccessful answer means.
[[nodiscard]] ports::SecretFailure refusal(const QString &manager, int status);

/// Returns an address of a secret manager without a slash at its end. Errors: it is neither https nor, on this
/// machine, http; `variable` names where it comes from.
[[nodiscard]] std::expected<QString, ports::SecretFailure> safeAddress(const QString &text,
                                                                       const QString &variable);

/// Returns a text as a part of a path or of a form.
[[nodiscard]] inline QByteArray encoded(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

} // namespace delta::secrets
