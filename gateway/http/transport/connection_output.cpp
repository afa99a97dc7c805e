#include "gateway/http/transport/connection.h"
#include "gateway/http/transport/connection_group.h"

#include <utility>

namespace delta::http {

void Connection::write(QByteArrayView bytes)
{
    if (m_state != State::Open || m_phase != Phase::Replying) {
        return;
    }
    if (m_outlet.isInHead()) {
        const QByteArray fields = extraFields();
        m_outlet.writeHead(bytes, {fields, m_isHead, m_isHttp10});
    } else {
        m_outlet.writeBody(bytes);
    }
    m_group.loop().flushLater(*this);
}

QByteArray Connection::extraFields()
{
    QByteArray fields = std::exchange(m_replyFields, {});
    fields.reserve(fields.size() + 128);
    fields += "date: ";
    fields += m_group.date().now();
    fields += "\r\nx-request-id: ";
    fields += m_requestId;
    fields += "\r\n";
    if (m_mustClose || m_group.isDraining()) {
        fields += "connection: close\r\n";
    }
    return fields;
}

void Connection::endChunks()
{
    if (m_state == State::Open && m_phase == Phase::Replying) {
        m_outlet.endChunks();
        m_group.loop().flushLater(*this);
    }
}

void Connection::finishReply()
{
    endReply();
    if (m_state == State::Open) {
        m_phase = Phase::Turnover;
        m_group.loop().flushLater(*this);
    }
}

void Connection::abortReply()
{
    endReply();
    if (m_state == State::Open) {
        m_isAborted = true;
        beginClose();
    }
}

void Connection::failReply()
{
    if (m_outlet.isInHead() && m_state == State::Open) {
        m_outlet.writeRaw(renderRefusal(refusals::notHandled, m_requestId, m_group.date().now()));
        endReply();
        beginClose();
        return;
    }
    abortReply();
}

void Connection::endReply()
{
    m_watcher = nullptr;
    if (std::exchange(m_phase, Phase::Turnover) == Phase::Replying) {
        m_group.noteReplyEnded();
    }
}

void Connection::advance()
{
    flush();
    if (m_state == State::Closed || m_outlet.backlog() > 0) {
        return;
    }
    if (m_state == State::Closing) {
        endWriting();
    } else if (m_phase == Phase::Turnover) {
        turnOver();
    }
}

void Connection::flush()
{
    const qint64 sentBefore = m_outlet.sentBytes();
    const Outlet::Flushed outcome = m_outlet.flush(*m_stream);
    if (outcome == Outlet::Flushed::Broken) {
        cut();
        return;
    }
    m_wantsWrite = outcome == Outlet::Flushed::Part;
    if (!m_wantsWrite) {
        m_writeTimer.stop();
    } else if (!m_writeTimer.isActive() || m_outlet.sentBytes() != sentBefore) {
        m_writeTimer.start(m_group.settings().writeTimeout);
    }
    updateEvents();
    if (m_outlet.takeRelief() && m_watcher) {
        m_watcher->onWritable();
    }
}

void Connection::turnOver()
{
    m_phase = Phase::Reading;
    if (m_mustClose || m_hasInputEnded || m_group.isDraining()) {
        beginClose();
        return;
    }
    m_wantsRead = true;
    updateEvents();
    m_readTimer.start(m_group.settings().idleTimeout);
    if (!m_ahead.isEmpty()) {
        take(std::exchange(m_ahead, {}));
    }
    if (m_state == State::Open && m_phase == Phase::Reading && m_stream->hasHiddenInput()) {
        readRequests();
    }
}

} // namespace delta::http
