#pragma once

#include "gateway/http/transport/connection.h"
#include "gateway/ports/http_reply.h"

#include <QByteArray>
#include <QHttpServerResponder>

#include <functional>
#include <optional>

namespace delta::http {

/// The reply to one request, written through QHttpServerResponder.
///
/// While its handler runs, it writes through the responder that QtHttpServer lent for the call: one
/// that is moved away and then finished inside the call leaks a signal connection of the socket
/// (Qt 6.8). From keep() on, a reply that is not finished by then owns the responder.
class ResponderReply final : public ports::HttpReply, private ReplyWatcher
{
public:
    struct Parts {
        Connection &connection;            ///< Borrowed until the reply has ended or detach().
        QHttpServerResponder &lent;        ///< Borrowed until keep().
        const QByteArray &corsAllowOrigin; ///< Borrowed as the connection is.
        std::function<void(ResponderReply &)>
            onEnded; ///< Called once: finished, aborted or destroyed.
    };

    explicit ResponderReply(Parts parts);
    ~ResponderReply() override;

    void send(int status, const ports::HeaderList &headers, const QByteArray &body) override;
    void begin(int status, const ports::HeaderList &headers) override;
    void write(QByteArrayView chunk) override;
    void end() override;
    void abort() override;
    [[nodiscard]] bool isWritable() const override;
    [[nodiscard]] bool isClientPresent() const override;
    void setListener(ports::HttpReplyListener *listener) override;

    /// Takes over the responder for the time after the handler's call.
    void keep(QHttpServerResponder &&responder);
    /// Lets go of responder and connection, which are about to be destroyed.
    void detach();

private:
    enum class Stage {
        Fresh,
        Begun,
        Ended,
    };

    void onWritable() override;
    void onClientGone() override;
    [[nodiscard]] QByteArray wireFields(const ports::HeaderList &headers) const;
    [[nodiscard]] bool hasReader() const;
    void finish();
    Connection *release();

    Connection *m_connection;          ///< Null once the reply has ended.
    QHttpServerResponder *m_responder; ///< The lent one, or m_kept.
    std::optional<QHttpServerResponder> m_kept;
    const QByteArray &m_corsAllowOrigin;
    std::function<void(ResponderReply &)> m_onEnded;
    ports::HttpReplyListener *m_listener = nullptr;
    Stage m_stage = Stage::Fresh;
};

} // namespace delta::http
