#include "gateway/identity/attempt_brake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <QHashFunctions>

#include <algorithm>
#include <array>

namespace delta::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// For how long failures count as in a row.
constexpr auto longestMemory = 1h;

ApiError tooSoon(SteadyTime::duration wait)
{
    const auto seconds = std::max(1s, std::chrono::ceil<std::chrono::seconds>(wait));
    return ApiError::rateLimited(
        u"Too many attempts. Try again in %1 seconds."_s.arg(seconds.count()), seconds);
}

} // namespace

std::chrono::nanoseconds AttemptBrake::interval() const
{
    return std::chrono::nanoseconds(1min) / m_settings.perMinute;
}

AttemptBrake::Entry &AttemptBrake::entryOf(const QByteArray &who)
{
    if (const auto known = m_known.find(who); known != m_known.end()) {
        m_entries.splice(m_entries.begin(), m_entries, known->second);
        return m_entries.front();
    }
    if (m_entries.size() >= m_settings.remembered) {
        m_known.erase(m_entries.back().who);
        m_entries.pop_back();
    }
    m_entries.push_front({.who = who});
    m_known[who] = m_entries.begin();
    return m_entries.front();
}

Result<void> AttemptBrake::admit(const QByteArray &who)
{
    const SteadyTime now = m_clock.steady();
    Entry &entry = entryOf(who);
    if (entry.notBefore > now) {
        return failure(tooSoon(entry.notBefore - now));
    }
    const SteadyTime paidUntil = std::max(entry.paidUntil, now) + interval();
    // A fraction of an interval is no attempt: what was rounded off must not cost one.
    if (paidUntil > now + 1min + 1ms) {
        return failure(tooSoon(paidUntil - now - 1min));
    }
    entry.paidUntil = paidUntil;
    return {};
}

void AttemptBrake::failed(const QByteArray &who)
{
    const SteadyTime now = m_clock.steady();
    Entry &entry = entryOf(who);
    entry.failures = now - entry.failedAt > longestMemory ? 1 : entry.failures + 1;
    entry.failedAt = now;
    const int doublings = std::min(entry.failures - m_settings.freeFailures - 1, 30);
    if (doublings >= 0) {
        const std::chrono::seconds delay = m_settings.firstDelay * (1L << doublings);
        entry.notBefore = now + std::min(delay, m_settings.longestDelay);
    }
}

void AttemptBrake::refund(const QByteArray &who)
{
    if (const auto known = m_known.find(who); known != m_known.end()) {
        known->second->paidUntil -= interval();
    }
}

void AttemptBrake::forget(const QByteArray &who)
{
    if (const auto known = m_known.find(who); known != m_known.end()) {
        m_entries.erase(known->second);
        m_known.erase(known);
    }
}

QByteArray placeOf(const QString &ip)
{
    in6_addr address{};
    if (inet_pton(AF_INET6, ip.toLatin1().constData(), &address) != 1) {
        return ip.toLatin1();
    }
    const QByteArrayView bytes(address.s6_addr, sizeof address.s6_addr);
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        std::array<char, INET_ADDRSTRLEN> text{};
        inet_ntop(AF_INET, bytes.last(4).data(), text.data(), text.size());
        return text.data();
    }
    return bytes.first(8).toByteArray().toHex();
}

} // namespace delta::identity
