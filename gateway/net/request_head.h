#pragma once

#include "gateway/ports/upstream_client.h"

#include <QByteArray>
#include <QString>

#include <expected>
#include <optional>

namespace delta::net {

/// Says what is wrong with a request, for the log; nothing if it may be sent. Refuses everything
/// that could end a line early, and the fields that the client writes itself: either would let a
/// request smuggle a second one past the provider's front.
/// Source: RFC 9110 sections 5.1 and 5.5, RFC 9112 section 3.
[[nodiscard]] std::optional<QString> requestProblem(const ports::UpstreamRequest &request);

/// Returns how many bytes the body of a request has.
[[nodiscard]] qsizetype bodySize(const ports::UpstreamRequest &request);

/// Returns whether a request has to tell the length of its body, be it zero.
[[nodiscard]] bool hasContentLength(const ports::UpstreamRequest &request);

/// Returns the host as it stands in a URL or a Host field: with the port unless it is the scheme's
/// own.
[[nodiscard]] QByteArray authority(const ports::Origin &origin);

/// Returns request line and fields of a request without problem, with the empty line.
[[nodiscard]] QByteArray writeRequestHead(const ports::UpstreamRequest &request);

} // namespace delta::net
