#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QtTypes>

namespace delta::content {

/// What was asked and answered, redacted.
struct StoredContent {
    QByteArray request; ///< JSON, or its begin.
    QByteArray answer;  ///< Likewise; empty where there was no answer.
    bool isRequestCut = false;
    bool isAnswerCut = false;

    bool operator==(const StoredContent &) const = default;
};

/// Returns what is sealed of it: compressed, and read by unpacked() alone.
[[nodiscard]] QByteArray packed(const StoredContent &content);
/// Errors: StoreUnavailable where it was packed by something else.
[[nodiscard]] Result<StoredContent> unpacked(const QByteArray &bytes);

/// Returns what a call's content is sealed for, see ports::Sealer.
[[nodiscard]] QByteArray contentContext(qint64 callId);

} // namespace delta::content
