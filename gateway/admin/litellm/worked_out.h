#pragma once

#include "gateway/admin/litellm/steps.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QString>

namespace delta::admin::litellm {

/// Adds to objects of theirs what they spent in the last five years: `spend`, null where the caller may not know it.
/// `dimension` is "team", "organization", "user", "key" or "end_user", and `idField` the field that has their id.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<QJsonArray> withSpend(const Steps &steps, const AdminCall &call,
                                           QLatin1StringView dimension, QLatin1StringView idField,
                                           QJsonArray objects);
[[nodiscard]] Result<QJsonObject> withSpend(const Steps &steps, const AdminCall &call,
                                            QLatin1StringView dimension, QLatin1StringView idField,
                                            const QJsonObject &object);

/// Returns what limits an object of theirs as LiteLLM keeps it besides, in a row of its own, which clients read.
[[nodiscard]] QJsonObject budgetTable(const QJsonObject &theirs);

/// Returns when the budget of an object of ours begins anew by the calendar; null if it has none that does.
[[nodiscard]] QJsonValue budgetResetAt(const QJsonObject &ours, WallTime now);

/// Returns the id of the user that a member of theirs means, by `user_id` or `user_email`, which are taken out of it.
/// `path` is where the member is in the request: "member[0]."
/// Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QString> takeUser(const Steps &steps, const AdminCall &call,
                                       QJsonObject &member, const QString &path);

} // namespace delta::admin::litellm
