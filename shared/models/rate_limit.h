#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/rate_limits.h"

#include <QHash>
#include <QString>

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace delta {

/// Whose calls a rate limit counts.
enum class RateScope {
    Gateway,      ///< All calls.
    Organization, ///< Those of an organisation's keys.
    Team,         ///< Those of a team's keys.
    TeamMember,   ///< Those that one user makes with keys of one team.
    User,         ///< Those of a user's keys.
    Key,          ///< Those of one virtual key.
    EndUser,      ///< Those whose `user` field names a customer.
    Model,        ///< Those to a public model name, and to the aliases that mean it.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(RateScope)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{RateScope::Gateway, "gateway"_L1},
        EnumName{RateScope::Organization, "organization"_L1},
        EnumName{RateScope::Team, "team"_L1},
        EnumName{RateScope::TeamMember, "team_member"_L1},
        EnumName{RateScope::User, "user"_L1},
        EnumName{RateScope::Key, "key"_L1},
        EnumName{RateScope::EndUser, "end_user"_L1},
        EnumName{RateScope::Model, "model"_L1},
    };
}

/// Which calls a rate limit counts. No two limits have the same subject.
struct RateSubject {
    RateScope scope = RateScope::Key;
    QString scopeId;  ///< Of the scope's object; the team's of a member; empty: Gateway.
    QString memberId; ///< The user of a TeamMember; empty for all others.
    QString model; ///< Only calls to that public model; empty: to any. Not for Gateway and Model.

    bool operator==(const RateSubject &) const = default;
    friend std::size_t qHash(const RateSubject &subject, std::size_t seed = 0)
    {
        return qHashMulti(seed, std::to_underlying(subject.scope), subject.scopeId,
                          subject.memberId, subject.model);
    }

    /// Checks that what the scope needs is named, and nothing else. Errors: InvalidRequest naming the
    /// field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("scope"_L1, &RateSubject::scope),
            field<Text>("scope_id"_L1, &RateSubject::scopeId),
            field<Text>("member_id"_L1, &RateSubject::memberId),
            field<Text>("model"_L1, &RateSubject::model),
        };
    }
};

/// How often some calls may be made, and how many at once.
struct RateLimit {
    RateSubject subject;
    RateLimits limits;

    bool operator==(const RateLimit &) const = default;

    /// Checks what a client may set: the subject, and that there is a limit, and none is negative.
    /// Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        return std::tuple{
            inlined(&RateLimit::subject),
            inlined(&RateLimit::limits),
        };
    }
};

} // namespace delta
