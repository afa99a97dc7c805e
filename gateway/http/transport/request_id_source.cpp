#include "gateway/http/transport/request_id_source.h"

namespace delta::http {

RequestIdSource::RequestIdSource(Random &random)
    : m_random(random)
{
}

QByteArray RequestIdSource::next()
{
    static constexpr char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr int base = sizeof alphabet - 1;
    constexpr int fairBytes = 256 / base
        * base; // What is above would make the first characters likelier.
    constexpr qsizetype prefixSize = 4;
    QByteArray id("req_------------------------");
    for (qsizetype at = prefixSize; at < id.size();) {
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
