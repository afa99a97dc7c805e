#pragma once

#include "gateway/ports/http_reply.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace delta::ports {

/// Bytes that HttpRequest::body reserves beyond its size, so that vector parsers may read past the
/// end.
inline constexpr qsizetype bodyPadding = 64;

/// One complete, well-formed request: framing, limits and syntax are already checked.
/// Movable, not copyable: the field views point into `head`.
struct HttpRequest {
    /// Name as sent, value without outer space.
    using Field = std::pair<QByteArrayView, QByteArrayView>;

    HttpRequest() = default;
    HttpRequest(HttpRequest &&) noexcept = default;
    HttpRequest &operator=(HttpRequest &&) noexcept = default;
    HttpRequest(const HttpRequest &) = delete;
    HttpRequest &operator=(const HttpRequest &) = delete;

    QByteArray id;       ///< Our id: made by the edge, unique, 1-64 characters of [A-Za-z0-9_-].
    QByteArray clientId; ///< The client's own x-request-id if it is such a text, else empty.
    QByteArray head;     ///< The bytes behind the views below.
    QByteArrayView method;
    QByteArrayView path;  ///< As sent, without the query; always begins with '/'.
    QByteArrayView query; ///< As sent, without '?'; may be empty.
    std::vector<Field> fields;
    QByteArray body;         ///< De-chunked. Capacity is at least size + bodyPadding.
    QByteArray peer;         ///< Address of the client's end of the connection, as text.
    SteadyTime receivedAt{}; ///< When the last byte was in hand.

    /// Returns the value of the first field of that name (ASCII case is ignored), or nothing.
    [[nodiscard]] std::optional<QByteArrayView> header(QByteArrayView name) const
    {
        for (const auto &[fieldName, value] : fields) {
            if (fieldName.compare(name, Qt::CaseInsensitive) == 0) {
                return value;
            }
        }
        return std::nullopt;
    }
};

/// Answers a request, now or later, on the thread that calls it.
using HttpHandler = std::function<void(HttpRequest, std::unique_ptr<HttpReply>)>;

} // namespace delta::ports
