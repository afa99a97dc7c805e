#pragma once

#include <QByteArray>
#include <QHash>
#include <sys/socket.h>

#include <mutex>
#include <optional>
#include <utility>

namespace delta::http {

/// Counts the client connections of the process and of each client address, and says when there are
/// too many. An IPv6 address stands for its /64 network, as in clientNetwork(). One object is shared
/// by all loop threads; safe from any thread. Outlives its slots.
class ConnectionLimits final
{
public:
    /// The place of one open connection; gives it back when destroyed.
    class Slot final
    {
    public:
        Slot(Slot &&other) noexcept
            : m_limits(std::exchange(other.m_limits, nullptr))
            , m_address(std::move(other.m_address))
        {
        }
        Slot &operator=(Slot &&other) noexcept
        {
            std::swap(m_limits, other.m_limits);
            m_address.swap(other.m_address);
            return *this;
        }
        Slot(const Slot &) = delete;
        Slot &operator=(const Slot &) = delete;
        ~Slot();

    private:
        friend class ConnectionLimits;
        Slot(ConnectionLimits &limits, const QByteArray &address)
            : m_limits(&limits)
            , m_address(address)
        {
        }

        ConnectionLimits *m_limits;
        QByteArray m_address;
    };

    /// Zero or less for `perAddress`: no cap.
    ConnectionLimits(int total, int perAddress);

    /// Takes a place for a connection from that address; nothing if a cap is reached.
    [[nodiscard]] std::optional<Slot> admit(const sockaddr_storage &client);
    [[nodiscard]] int count() const;

private:
    void release(const QByteArray &address);

    const int m_maxTotal;
    const int m_maxPerAddress;
    mutable std::mutex
        /// Guards what follows. Taken once when a connection opens and once when it closes.
        m_mutex;
    int m_total = 0;
    QHash<QByteArray, int> m_perAddress;
};

} // namespace delta::http
