#include "gateway/http/transport/connection_limits.h"

#include "gateway/http/transport/peer_address.h"

namespace delta::http {

ConnectionLimits::Slot::~Slot()
{
    if (m_limits) {
        m_limits->release(m_address);
    }
}

ConnectionLimits::ConnectionLimits(int total, int perAddress)
    : m_maxTotal(total)
    , m_maxPerAddress(perAddress)
{
}

std::optional<ConnectionLimits::Slot> ConnectionLimits::admit(const sockaddr_storage &client)
{
    const QByteArray address = clientNetwork(client);
    const std::scoped_lock lock(m_mutex);
    if (m_total >= m_maxTotal) {
        return std::nullopt;
    }
    if (m_maxPerAddress > 0 && m_perAddress.value(address) >= m_maxPerAddress) {
        return std::nullopt;
    }
    ++m_perAddress[address];
    ++m_total;
    return Slot(*this, address);
}

int ConnectionLimits::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_total;
}

void ConnectionLimits::release(const QByteArray &address)
{
    const std::scoped_lock lock(m_mutex);
    const auto entry = m_perAddress.find(address);
    if (--entry.value() == 0) {
        m_perAddress.erase(entry);
    }
    --m_total;
}

} // namespace delta::http
