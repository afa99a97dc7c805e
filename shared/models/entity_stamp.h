#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QtTypes>

#include <tuple>

namespace delta {

/// When something was made and changed, and how often. Kept by the store's callers, never set by clients.
struct EntityStamp {
    WallTime createdAt{};
    WallTime updatedAt{};
    qint64 revision = 1; ///< One more with each change; the ETag of the object.

    bool operator==(const EntityStamp &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("created_at"_L1, &EntityStamp::createdAt, Access::ReadOnly),
            field("updated_at"_L1, &EntityStamp::updatedAt, Access::ReadOnly),
            field("revision"_L1, &EntityStamp::revision, Access::ReadOnly),
        };
    }
};

} // namespace delta
