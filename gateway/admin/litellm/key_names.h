#pragma once

#include "gateway/admin/litellm/steps.h"

#include <QJsonObject>
#include <QString>

#include <utility>

namespace delta::admin::litellm {

/// Returns the id of the key that has that id, alias or text; one that no key has where there is none.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<QString> keyIdOf(const Steps &steps, const QString &name);

/// Says an error about a key's id by the field that named the key.
[[nodiscard]] ApiError namedBy(ApiError error, const QString &field);

template <typename T>
[[nodiscard]] Result<T> byName(Result<T> done, const QString &field)
{
    return std::move(done).transform_error(
        [&field](ApiError error) { return namedBy(std::move(error), field); });
}

} // namespace delta::admin::litellm
