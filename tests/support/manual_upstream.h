#pragma once

#include "gateway/ports/upstream_client.h"

#include <memory>
#include <stdexcept>
#include <utility>

namespace delta::test {

/// An upstream client that the test plays by hand: it keeps the last request and gives the test its
/// sink.
class ManualUpstream final : public ports::UpstreamClient
{
public:
    ports::UpstreamRequest request;
    ports::UpstreamSink *sink = nullptr; ///< Null: no exchange is running.
    int sent = 0;
    int paused = 0;
    int resumed = 0;
    bool isConnected = true; ///< False: nothing of a request has left yet.
    bool isBroken = false;   ///< Throws instead of sending, as only a bug would.

    std::unique_ptr<ports::UpstreamExchange> send(ports::UpstreamRequest asked,
                                                  ports::UpstreamSink &taken) override
    {
        if (isBroken) {
            throw std::runtime_error("broken on purpose");
        }
        request = std::move(asked);
        sink = &taken;
        ++sent;
        return std::make_unique<Exchange>(*this);
    }

    /// Answers with a head.
    void head(int status, const QByteArray &contentType)
    {
        ports::UpstreamHead answer;
        answer.status = status;
        answer.fields = {{"content-type", contentType}};
        sink->onHead(answer);
    }
    /// Gives pieces of the body for as long as somebody listens.
    void body(QByteArrayView piece)
    {
        if (sink) {
            sink->onBody(piece);
        }
    }
    void end()
    {
        if (sink) {
            sink->onEnd();
        }
    }
    void fail(ports::UpstreamFault fault)
    {
        if (sink) {
            sink->onError({fault, QStringLiteral("by the test")});
        }
    }
    /// Returns the request's body in one piece.
    [[nodiscard]] QByteArray sentBody() const
    {
        QByteArray joined;
        for (const QByteArray &piece : request.body) {
            joined += piece;
        }
        return joined;
    }

private:
    class Exchange final : public ports::UpstreamExchange
    {
    public:
        explicit Exchange(ManualUpstream &owner)
            : m_owner(owner)
        {
        }
        ~Exchange() override
        {
            m_owner.sink = nullptr;
        }
        void pause() override
        {
            ++m_owner.paused;
        }
        void resume() override
        {
            ++m_owner.resumed;
        }
        [[nodiscard]] bool hasBegunToSend() const override
        {
            return m_owner.isConnected;
        }

    private:
        ManualUpstream &m_owner;
    };
};

} // namespace delta::test
