#include "gateway/http/transport/outlet.h"

#include "gateway/http/transport/byte_stream.h"

#include <array>

namespace delta::http {

void Outlet::writeHead(QByteArrayView bytes, const ReplyTerms &terms)
{
    m_filter.writeHead(bytes, terms, m_queue);
    noteBacklog();
}

void Outlet::writeBody(QByteArrayView bytes)
{
    m_filter.writeBody(bytes, m_queue);
    noteBacklog();
}

void Outlet::endChunks()
{
    m_filter.endChunks(m_queue);
}

void Outlet::writeRaw(QByteArrayView bytes)
{
    m_queue.append(bytes);
    noteBacklog();
}

void Outlet::noteBacklog()
{
    m_wasFull = m_wasFull || !isWritable();
}

Outlet::Flushed Outlet::flush(ByteStream &stream)
{
    std::array<iovec, 16> entries;
    while (!m_queue.isEmpty()) {
        const IoResult result = stream.write(m_queue.gather(entries));
        if (result.status != IoResult::Status::Done) {
            return result.status == IoResult::Status::Broken ? Flushed::Broken : Flushed::Part;
        }
        m_queue.consume(result.count);
        m_sentBytes += result.count;
    }
    return Flushed::Everything;
}

bool Outlet::takeRelief()
{
    if (!m_wasFull || m_queue.size() > m_highWatermark / 2) {
        return false;
    }
    m_wasFull = false;
    return true;
}

} // namespace delta::http
