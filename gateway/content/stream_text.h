#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::content {

/// Puts the answer together that a stream consisted of: the JSON that the client would have got without streaming, with
/// the texts of all events joined, so that nothing hides in the seam of two. Probabilities of tokens are left out.
/// `events` are server-sent events, each of them whole. Empty if there is nothing in them.
/// Errors: Internal if one of them is no JSON.
[[nodiscard]] Result<QByteArray> wholeAnswer(QByteArrayView events);

} // namespace delta::content
