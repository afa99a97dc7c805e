#include "gateway/store/budget_tables.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array columns{
    ListColumn{"scope"_L1, "scope"_L1, ColumnUse::Filter},
    ListColumn{"scope_id"_L1, "scope_id"_L1, ColumnUse::Filter},
    ListColumn{"member_id"_L1, "member_id"_L1, ColumnUse::Filter},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

} // namespace

const EntityStatements &managedBudgetStatements()
{
    static constexpr EntityStatements statements{"budgets/insert_managed"_L1,
                                                 "budgets/update_managed"_L1, "budgets/delete"_L1,
                                                 "budgets/select_managed"_L1};
    return statements;
}

const ListShape &managedBudgetList()
{
    static constexpr ListShape shape{.statement = "budgets/list"_L1,
                                     .count = "budgets/count"_L1,
                                     .id = "budget_id"_L1,
                                     .columns = columns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {}};
    return shape;
}

} // namespace delta::store
