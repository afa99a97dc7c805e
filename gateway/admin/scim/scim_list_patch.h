#pragma once

#include "gateway/admin/scim/scim_filter.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QJsonValue>

#include <cstdint>

namespace delta::admin::scim {

/// What an operation of a patch does.
enum class Verb : std::uint8_t { Add, Replace, Remove };

/// One operation.
struct Change {
    Verb verb = Verb::Add;
    Path path;
    QJsonValue value; ///< Undefined: there is none.
};

/// Changes a list: a member of `base`. Errors: InvalidRequest with the code `noTarget`, `invalidPath` or `invalidValue`.
[[nodiscard]] Result<void> changeList(const Change &change, QJsonObject &base);

} // namespace delta::admin::scim
