#pragma once

#include <QJsonObject>
#include <QLatin1StringView>

namespace delta {

/// What stands where a secret was.
inline constexpr QLatin1StringView redactedText("[redacted]");

/// Returns the object without its secrets, at any depth: for records that outlive what they are about.
/// A secret is what a member holds whose name is or ends with `api_key`, `master_key`, `private_key` or
/// `authorization`, or contains `password`, `secret` or `token`, however it is spelt (`apiKey`, `X-API-Key`);
/// and any text that begins with `sk-`. Null stays, as it says that there was none; so do numbers and truth values of
/// members with `token` in their names, which are limits, counts and prices.
/// An object that was redacted before is returned as it is.
[[nodiscard]] QJsonObject redacted(const QJsonObject &object);

} // namespace delta
