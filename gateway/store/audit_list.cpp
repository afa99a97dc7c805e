#include "gateway/store/audit_list.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

// Events are in the order of their times but for clocks that differ. What the index of times finds a day off is beyond
// any such difference, and bounds how far the order of the list has to be followed. "+" keeps from sorting by time.
constexpr auto from =
    "+occurred_at >= @ AND sequence > COALESCE((SELECT e.sequence FROM audit_events AS e "
    "WHERE e.occurred_at < CAST(@ AS BIGINT) - 86400000 ORDER BY e.occurred_at DESC LIMIT 1), 0)"_L1;
constexpr auto until =
    "+occurred_at < @ AND sequence < COALESCE((SELECT e.sequence FROM audit_events AS e "
    "WHERE e.occurred_at >= CAST(@ AS BIGINT) + 86400000 ORDER BY e.occurred_at LIMIT 1), 9223372036854775807)"_L1;

constexpr std::array columns{
    ListColumn{"actor_kind"_L1, "actor_kind"_L1, ColumnUse::Filter},
    ListColumn{"actor_id"_L1, "actor_id"_L1, ColumnUse::Filter},
    ListColumn{"action"_L1, "action"_L1, ColumnUse::Filter},
    ListColumn{"target_kind"_L1, "target_kind"_L1, ColumnUse::Filter},
    ListColumn{"target_id"_L1, "target_id"_L1, ColumnUse::Filter},
    ListColumn{"organization_id"_L1, "organization_id"_L1, ColumnUse::Filter},
    ListColumn{"team_id"_L1, "team_id"_L1, ColumnUse::Filter},
    ListColumn{"outcome"_L1, "outcome"_L1, ColumnUse::Filter},
    ListColumn{"request_id"_L1, "request_id"_L1, ColumnUse::Filter},
    ListColumn{"from"_L1, from, ColumnUse::After, "occurred_at >= @"_L1},
    ListColumn{"until"_L1, until, ColumnUse::Before, "occurred_at < @"_L1},
    ListColumn{"sequence"_L1, "sequence"_L1, ColumnUse::Sort},
};

} // namespace

const EntityStatements &auditStatements()
{
    static constexpr EntityStatements statements{{}, {}, {}, "audit/select"_L1};
    return statements;
}

const ListShape &auditList()
{
    static constexpr ListShape shape{
        .statement = "audit/list"_L1,
        .count = "audit/count"_L1,
        .id = "hash"_L1,
        .columns = columns,
        .words =
            "lower(actor_name || ' ' || action || ' ' || target_id || ' ' || target_name || ' ' || reason)"_L1,
        .wordIndex = "audit_words"_L1,
        .organization = "organization_id"_L1,
        .team = "team_id"_L1,
        .user = {},
        .usualSort = "-sequence"_L1};
    return shape;
}

} // namespace delta::store
