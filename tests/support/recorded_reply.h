#pragma once

#include "gateway/ports/http_reply.h"

#include <QByteArray>

#include <memory>

namespace delta::test {

/// What a client would have seen of one reply.
struct ReplyRecord {
    int status = 0; ///< Zero: no head was sent.
    ports::HeaderList fields;
    QByteArray body;
    int heads = 0; ///< Must end up as one.
    int ends = 0;  ///< Must end up as one: send(), end() or abort().
    bool isAborted = false;
    bool isWritable = true; ///< Set by the test: the client reads slowly.
    bool isClientPresent = true;
    ports::HttpReplyListener *listener = nullptr;

    /// Lets the client leave, as the edge reports it.
    void leave()
    {
        isClientPresent = false;
        if (listener) {
            listener->onClientGone();
        }
    }
    /// Lets the client read on.
    void drain()
    {
        isWritable = true;
        if (listener) {
            listener->onWritable();
        }
    }
};

/// A reply that goes into a record. The record must outlive it.
class RecordedReply final : public ports::HttpReply
{
public:
    explicit RecordedReply(ReplyRecord &record)
        : m_record(record)
    {
    }
    void send(int status, const ports::HeaderList &fields, const QByteArray &body) override
    {
        begin(status, fields);
        m_record.body += body;
        ++m_record.ends;
    }
    void begin(int status, const ports::HeaderList &fields) override
    {
        m_record.status = status;
        m_record.fields = fields;
        ++m_record.heads;
    }
    void write(QByteArrayView chunk) override
    {
        m_record.body += chunk;
    }
    void end() override
    {
        ++m_record.ends;
    }
    void abort() override
    {
        m_record.isAborted = true;
        ++m_record.ends;
    }
    [[nodiscard]] bool isWritable() const override
    {
        return m_record.isWritable;
    }
    [[nodiscard]] bool isClientPresent() const override
    {
        return m_record.isClientPresent;
    }
    void setListener(ports::HttpReplyListener *listener) override
    {
        m_record.listener = listener;
    }

private:
    ReplyRecord &m_record;
};

} // namespace delta::test
