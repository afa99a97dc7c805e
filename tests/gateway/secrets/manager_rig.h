#pragma once

#include "gateway/secrets/manager_caller.h"
#include "shared/core/clock.h"
#include "tests/support/scripted_server.h"

#include <QByteArray>
#include <QProcessEnvironment>
#include <QString>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <utility>

namespace delta::secrets::test {

/// A clock that stands still until it is told to move.
class TurnedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return m_steady;
    }
    [[nodiscard]] WallTime wall() const override
    {
        return WallTime(std::chrono::milliseconds(1'800'000'000'000)); // 2027-01-15T08:00:00Z
    }
    void turn(std::chrono::milliseconds by)
    {
        m_steady += by;
    }

private:
    SteadyTime m_steady{};
};

/// Writes an answer of a server.
inline QByteArray reply(int status, const QByteArray &body, const QByteArray &fields = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Word\r\n" + fields
        + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

/// Plays a secret manager: a function answers each request.
class ManagerServer
{
public:
    using Answer = std::function<QByteArray(const delta::test::ScriptedRequest &)>;

    explicit ManagerServer(Answer answer)
        : m_server([answer = std::move(answer)](delta::test::ScriptedPeer &peer) {
            while (const auto request = peer.readRequest()) {
                peer.send(answer(*request));
            }
        })
    {
    }
    [[nodiscard]] QString address() const
    {
        return QStringLiteral("http://127.0.0.1:%1").arg(m_server.port());
    }
    /// Returns how often it was asked.
    [[nodiscard]] std::size_t count() const
    {
        return m_server.requests().size();
    }

private:
    delta::test::ScriptedServer m_server;
};

/// Returns an environment with nothing but these variables.
inline QProcessEnvironment environmentOf(
    std::initializer_list<std::pair<const char *, QString>> variables)
{
    QProcessEnvironment environment;
    for (const auto &[name, value] : variables) {
        environment.insert(QString::fromLatin1(name), value);
    }
    return environment;
}

/// Returns what was found, or why not, for a comparison.
inline QString shown(const FoundSecret &found)
{
    return found ? QString::fromUtf8(found->reveal())
                 : QStringLiteral("failed: ") + found.error().reason;
}

} // namespace delta::secrets::test
