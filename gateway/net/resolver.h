#pragma once

#include "gateway/net/socket_address.h"

#include <QByteArray>
#include <QString>

#include <expected>
#include <functional>
#include <memory>
#include <vector>

namespace delta::net {

class EventLoop;

/// Finds the addresses of host names without blocking the caller.
class Resolver
{
public:
    /// At least one address, best first and without a port; or why there is none, for the log.
    using Answer = std::expected<std::vector<SocketAddress>, QString>;
    using Callback = std::function<void(const Answer &)>;

    /// A question under way. Destroying it withdraws the question.
    class Lookup
    {
    public:
        virtual ~Lookup() = default;
    };

    virtual ~Resolver() = default;
    /// Asks for the addresses of `host`. Calls `done` once on the loop's thread, never before this
    /// function has returned and never after the lookup was destroyed.
    [[nodiscard]] virtual std::unique_ptr<Lookup> resolve(const QByteArray &host, EventLoop &loop,
                                                          Callback done) = 0;
};

} // namespace delta::net
