#include "gateway/admin/contract/whole_reply.h"

#include <utility>

namespace delta::admin {

WholeReply::WholeReply(Sink sink)
    : m_sink(std::move(sink))
{
}

WholeReply::~WholeReply()
{
    finish(500);
}

void WholeReply::send(int status, const ports::HeaderList &, const QByteArray &body)
{
    m_body = body;
    finish(status);
}

void WholeReply::begin(int status, const ports::HeaderList &)
{
    m_status = status;
}

void WholeReply::write(QByteArrayView chunk)
{
    m_body += chunk;
}

void WholeReply::end()
{
    finish(m_status);
}

void WholeReply::abort()
{
    finish(500);
}

void WholeReply::finish(int status)
{
    if (const Sink sink = std::exchange(m_sink, nullptr)) {
        sink(status, m_body);
    }
}

} // namespace delta::admin
