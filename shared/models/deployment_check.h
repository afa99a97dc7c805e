#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QString>

#include <tuple>

namespace delta {

/// How a deployment did when it was tried last.
struct DeploymentCheck {
    QString deploymentId;
    WallTime checkedAt{};
    bool isOk = false;
    qint64 status = 0;    ///< What a client would have got.
    qint64 latencyMs = 0; ///< Until the whole answer was there.
    QString error;        ///< What a client would have been told; empty: nothing went wrong.

    bool operator==(const DeploymentCheck &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("deployment_id"_L1, &DeploymentCheck::deploymentId, Access::ReadOnly),
            field("checked_at"_L1, &DeploymentCheck::checkedAt, Access::ReadOnly),
            field("ok"_L1, &DeploymentCheck::isOk, Access::ReadOnly),
            field("status"_L1, &DeploymentCheck::status, Access::ReadOnly),
            field("latency_ms"_L1, &DeploymentCheck::latencyMs, Access::ReadOnly),
            field<NullWhenEmpty<QString>>("error"_L1, &DeploymentCheck::error, Access::ReadOnly),
        };
    }
};

} // namespace delta
