#pragma once

#include "shared/core/result.h"

#include <QByteArrayView>

#include <chrono>
#include <initializer_list>
#include <optional>

namespace delta::openai {

/// Turns a provider's error answer into ours: its status class and its message stay, credentials
/// and addresses in the message do not. 401 and 403 become UpstreamAuth, so that a client never
/// takes the provider's refusal of our credential for a refusal of its own. The detail says nothing of
/// what the provider said, because it may quote the prompt.
/// `body` is what the provider sent, in whatever form; `retryAfter` what its header said.
[[nodiscard]] ApiError providerError(int status, QByteArrayView body,
                                     std::optional<std::chrono::seconds> retryAfter = std::nullopt);

/// Reads a Retry-After header: a number of seconds, or a date of which the reply's own Date header is
/// taken off, clamped to one day. Nothing for nonsense, and for a date without a Date header.
/// Source: RFC 9110, 10.2.3 and 5.6.7 (the form that senders must use).
[[nodiscard]] std::optional<std::chrono::seconds> readRetryAfter(QByteArrayView value,
                                                                 QByteArrayView date);

/// Takes texts out of what the client is told: the deployment's own credential and host, which no pattern
/// knows. Texts of less than eight bytes stay.
void hideTexts(ApiError &error, std::initializer_list<QByteArrayView> secrets);

/// Returns a provider's text in a form that may leave the house: no control characters, no
/// credentials, no URLs or addresses, at most 512 bytes.
[[nodiscard]] QString cleanMessage(QByteArrayView text);

} // namespace delta::openai
