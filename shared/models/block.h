#pragma once

#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QString>

#include <tuple>

namespace delta {

/// Whether somebody was stopped, and why. Set by commands of their own, which are audited as such, and not by an
/// edit of the object.
struct Block {
    bool isBlocked = false;
    QString reason; ///< For people; may be empty.

    bool operator==(const Block &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("blocked"_L1, &Block::isBlocked, Access::ReadOnly),
            field<NullWhenEmpty<QString>>("block_reason"_L1, &Block::reason, Access::ReadOnly),
        };
    }
};

} // namespace delta
