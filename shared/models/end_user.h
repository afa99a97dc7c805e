#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"

#include <QJsonObject>
#include <QString>

#include <tuple>

namespace delta {

/// Somebody on whose behalf calls are made, as far as an admin has something to say of them: the customer whom the
/// `user` of a call names. Calls may name others.
struct EndUser {
    QString id; ///< As calls spell it.
    QString name;
    QJsonObject metadata; ///< The client's own; never read.
    Block block;          ///< Blocked: no call is made on their behalf, whosever key it has.
    EntityStamp stamp;

    bool operator==(const EndUser &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("end_user_id"_L1, &EndUser::id),
            field<NullWhenEmpty<QString>>("name"_L1, &EndUser::name),
            field("metadata"_L1, &EndUser::metadata),
            inlined(&EndUser::block),
            inlined(&EndUser::stamp),
        };
    }
};

} // namespace delta
