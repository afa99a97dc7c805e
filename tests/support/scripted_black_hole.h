#pragma once

#include <QByteArray>
#include <QtTypes>

#include <vector>

namespace delta::test {

/// An address that takes no connection and refuses none: a listening socket whose queue is full, so
/// that the kernel drops what comes. Connecting to it waits for ever.
class ScriptedBlackHole
{
public:
    /// Listens on any free port, or on the given one: 127.0.0.2 beside a server on 127.0.0.1, say.
    explicit ScriptedBlackHole(const QByteArray &address = QByteArrayLiteral("127.0.0.1"),
                               quint16 port = 0);
    ~ScriptedBlackHole();
    ScriptedBlackHole(const ScriptedBlackHole &) = delete;
    ScriptedBlackHole &operator=(const ScriptedBlackHole &) = delete;

    [[nodiscard]] quint16 port() const
    {
        return m_port;
    }

private:
    int m_listener = -1;
    quint16 m_port = 0;
    std::vector<int> m_fillers; ///< Our own connections that fill the queue.
};

} // namespace delta::test
