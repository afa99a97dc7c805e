#include "gateway/http/transport/request_id_source.h"

#include <algorithm>

namespace delta::http {

namespace {

/// In the order of their codes.
constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr int base = sizeof alphabet - 1;
constexpr int fairBytes = 256 / base
    * base; // What is above would make the first characters likelier.
constexpr qsizetype prefixSize = 4;
constexpr qsizetype timeSize = 8; // Enough until the year 8900.

void putTime(QByteArray &id, WallTime time)
{
    auto rest = std::max<qint64>(time.time_since_epoch().count(), 0);
    for (qsizetype at = prefixSize + timeSize - 1; at >= prefixSize; --at) {
        id[at] = alphabet[rest % base];
        rest /= base;
    }
}

} // namespace

RequestIdSource::RequestIdSource(Random &random, const Clock &clock)
    : m_random(random)
    , m_clock(clock)
{
}

QByteArray RequestIdSource::next()
{
    QByteArray id("req_------------------------");
    putTime(id, m_clock.wall());
    for (qsizetype at = prefixSize + timeSize; at < id.size();) {
        const int value = std::to_integer<int>(nextByte());
        if (value < fairBytes) {
            id[at++] = alphabet[value % base];
        }
    }
    return id;
}

std::byte RequestIdSource::nextByte()
{
    if (m_used == m_page.size()) {
        m_random.fill(m_page);
        m_used = 0;
    }
    return m_page[m_used++];
}

} // namespace delta::http
