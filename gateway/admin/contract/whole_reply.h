#pragma once

#include "gateway/ports/http_reply.h"

#include <QByteArray>

#include <functional>

namespace delta::admin {

/// A reply that nobody reads as it comes: it is gathered, and given to whoever makes an answer of it. Confined to the
/// loop thread of the call.
class WholeReply final : public ports::HttpReply
{
public:
    /// Takes the status and the body, once.
    using Sink = std::function<void(int status, const QByteArray &body)>;

    explicit WholeReply(Sink sink);
    ~WholeReply() override;
    WholeReply(const WholeReply &) = delete;
    WholeReply &operator=(const WholeReply &) = delete;

    // ports::HttpReply. One that is cut short, or never made, is a 500.
    void send(int status, const ports::HeaderList &headers, const QByteArray &body) override;
    void begin(int status, const ports::HeaderList &headers) override;
    void write(QByteArrayView chunk) override;
    void end() override;
    void abort() override;
    [[nodiscard]] bool isWritable() const override
    {
        return true;
    }
    [[nodiscard]] bool isClientPresent() const override
    {
        return true;
    }
    void setListener(ports::HttpReplyListener *) override
    {
    }

private:
    void finish(int status);

    Sink m_sink; ///< Null once it was called.
    int m_status = 0;
    QByteArray m_body;
};

} // namespace delta::admin
