#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/period.h"

#include <QString>

#include <array>
#include <optional>
#include <tuple>

namespace delta {

/// Whose calls a budget counts.
enum class BudgetScope {
    Gateway,      ///< All calls.
    Team,         ///< Those of a team's keys.
    TeamMember,   ///< Those that one user makes with keys of one team.
    User,         ///< Those of a user's keys.
    Key,          ///< Those of one virtual key.
    EndUser,      ///< Those whose `user` field names a customer.
    Model,        ///< Those to a public model name.
    Deployment,   ///< Those that one deployment answers.
    Provider,     ///< Those that one provider answers.
    Organization, ///< Those of an organisation's keys.
    Tag,          ///< Those that carry a tag.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(BudgetScope)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{BudgetScope::Gateway, "gateway"_L1},
        EnumName{BudgetScope::Team, "team"_L1},
        EnumName{BudgetScope::TeamMember, "team_member"_L1},
        EnumName{BudgetScope::User, "user"_L1},
        EnumName{BudgetScope::Key, "key"_L1},
        EnumName{BudgetScope::EndUser, "end_user"_L1},
        EnumName{BudgetScope::Model, "model"_L1},
        EnumName{BudgetScope::Deployment, "deployment"_L1},
        EnumName{BudgetScope::Provider, "provider"_L1},
        EnumName{BudgetScope::Organization, "organization"_L1},
        EnumName{BudgetScope::Tag, "tag"_L1},
    };
}

/// How a budget with a duration begins anew.
enum class BudgetReset {
    Calendar, ///< All at once, at the end of a window of the calendar (windowAt()).
    Rolling,  ///< Bit by bit: each moment looks back over one duration.
};

constexpr auto enumNames(BudgetReset)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{BudgetReset::Calendar, "calendar"_L1},
        EnumName{BudgetReset::Rolling, "rolling"_L1},
    };
}

/// What may be spent by whom, in which time. A scope may have several, e.g. one per day and one per month.
struct Budget {
    QString id;
    BudgetScope scope = BudgetScope::Key;
    QString scopeId;  ///< Of the scope's object; the team's of a member; empty: Gateway.
    QString memberId; ///< The user of a TeamMember; empty for all others.
    std::optional<Money>
        maxBudget; ///< Never exceeded. Absent: no limit. Zero: nothing may be spent.
    std::optional<Money> softBudget; ///< Only warns. Absent: does not warn.
    std::optional<Period> duration;  ///< Absent: counts for ever.
    BudgetReset reset = BudgetReset::Calendar;
    QString timeZone = QStringLiteral("UTC"); ///< IANA name; where midnight is.
    Money increase;                           ///< Added to `maxBudget` until `increaseUntil`.
    std::optional<WallTime> increaseUntil;    ///< Absent: there is no increase.
    /// Since when it counts at most, because somebody reset it; only a reset sets it. Absent: nobody did.
    std::optional<WallTime> lastReset;

    bool operator==(const Budget &) const = default;

    /// Returns what may be spent as of `at`; nothing if there is no limit.
    [[nodiscard]] std::optional<Money> limitAt(WallTime at) const;

    /// Checks what a client may set: that the scope is named, that amounts are not negative, and that
    /// the time zone exists here.
    /// Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    /// Describes the struct, under the names that LiteLLM gives its fields where it has them.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("budget_id"_L1, &Budget::id, Access::ReadOnly),
            field("scope"_L1, &Budget::scope),
            field<Text>("scope_id"_L1, &Budget::scopeId),
            field<Text>("member_id"_L1, &Budget::memberId),
            field("max_budget"_L1, &Budget::maxBudget),
            field("soft_budget"_L1, &Budget::softBudget),
            field("budget_duration"_L1, &Budget::duration),
            field("budget_reset"_L1, &Budget::reset),
            field("timezone"_L1, &Budget::timeZone),
            field("temp_budget_increase"_L1, &Budget::increase),
            field("temp_budget_expiry"_L1, &Budget::increaseUntil),
        };
    }
};

} // namespace delta
