#include "gateway/store/policy_tables.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array guardrailColumns{
    ListColumn{"type"_L1, "type"_L1, ColumnUse::Filter},
    ListColumn{"scope"_L1, "scope"_L1, ColumnUse::Filter},
    ListColumn{"enabled"_L1, "enabled"_L1, ColumnUse::Flag},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"position"_L1, "position"_L1, ColumnUse::Sort},
};

constexpr std::array routeGroupColumns{
    ListColumn{"strategy"_L1, "strategy"_L1, ColumnUse::Filter},
    ListColumn{"enabled"_L1, "enabled"_L1, ColumnUse::Flag},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array versionColumns{
    ListColumn{"kind"_L1, "kind"_L1, ColumnUse::Owner},
    ListColumn{"object_id"_L1, "object_id"_L1, ColumnUse::Owner},
};

} // namespace

const EntityStatements &guardrailStatements()
{
    static constexpr EntityStatements statements{"guardrails/insert"_L1, "guardrails/update"_L1,
                                                 "guardrails/delete"_L1, "guardrails/select"_L1};
    return statements;
}

const EntityStatements &routeGroupStatements()
{
    static constexpr EntityStatements statements{"route_groups/insert"_L1, "route_groups/update"_L1,
                                                 "route_groups/delete"_L1,
                                                 "route_groups/select"_L1};
    return statements;
}

const EntityStatements &objectVersionStatements()
{
    static constexpr EntityStatements statements{
        .insert = "object_versions/insert"_L1, // They never change.
        .update = {},
        .remove = {},
        .select = "object_versions/select"_L1};
    return statements;
}

const ListShape &guardrailList()
{
    static constexpr ListShape shape{.statement = "guardrails/list"_L1,
                                     .count = "guardrails/count"_L1,
                                     .id = "guardrail_id"_L1,
                                     .columns = guardrailColumns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {},
                                     .usualSort = "position"_L1};
    return shape;
}

const ListShape &routeGroupList()
{
    static constexpr ListShape shape{.statement = "route_groups/list"_L1,
                                     .count = "route_groups/count"_L1,
                                     .id = "route_group_id"_L1,
                                     .columns = routeGroupColumns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {},
                                     .usualSort = "name"_L1};
    return shape;
}

const ListShape &objectVersionList()
{
    static constexpr ListShape shape{.statement = "object_versions/list"_L1,
                                     .count = "object_versions/count"_L1,
                                     .id = "version_id"_L1,
                                     .columns = versionColumns,
                                     .words = "lower(written_by)"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {},
                                     .usualSort = "-version_id"_L1};
    return shape;
}

Result<std::optional<ObjectVersion>> newestVersion(Database &database, const QString &kind,
                                                   const QString &objectId)
{
    std::optional<ObjectVersion> found;
    TRY_VOID(
        database.each("object_versions/select_newest"_L1, {present(kind), present(objectId)},
                      [&found](const QSqlQuery &row) { found = structOf<ObjectVersion>(row); }));
    return found;
}

Result<void> forgetVersions(Database &database, const QString &kind, const QString &objectId)
{
    return database.run("object_versions/delete_of_object"_L1, {present(kind), present(objectId)})
        .transform([](int) { });
}

} // namespace delta::store
