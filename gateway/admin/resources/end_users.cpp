#include "gateway/admin/resources/kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

constexpr GovernedScope scope{BudgetScope::EndUser, RateScope::EndUser};

Result<void> leave(ControlTables &tables, const EndUser &object)
{
    return removeGovernance(tables, scope, object.id);
}

} // namespace

const EntityKind<EndUser> &endUserKind()
{
    static const EntityKind<EndUser> kind{
        .name = "end_user"_L1,
        .path = "/ui/api/end-users"_ba,
        .prefix = "eu-"_L1,
        .id = &EndUser::id,
        .title = &EndUser::name,
        .block = &EndUser::block,
        .stamp = &EndUser::stamp,
        .read = Permission::UserRead,
        .table = &ControlTables::endUsers,
        .scope = scope,
        .place = [](ControlTables &, const EndUser &) -> Result<Placement> { return {}; },
        .check = [](ControlTables &, const AdminCall &, const EndUser &,
                    const EndUser *) -> Result<void> { return {}; },
        .leave = leave};
    return kind;
}

} // namespace delta::admin
