#include "gateway/admin/resources/policy_kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

/// Says whether what an id names is there. A model may come later: its name is all that it takes.
Result<bool> isThere(ControlTables &tables, GuardrailScope scope, const QString &id)
{
    const auto found = [](const auto &object) { return object.has_value(); };
    switch (scope) {
    case GuardrailScope::Organization:
        return tables.organizations.find({id}).transform(found);
    case GuardrailScope::Team:
        return tables.teams.find({id}).transform(found);
    case GuardrailScope::Key:
        return tables.managedKeys.find({id}).transform(found);
    case GuardrailScope::Gateway:
    case GuardrailScope::Model:
        break;
    }
    return true;
}

/// What was named before may be gone by now, and must not keep the rest from being changed.
Result<void> check(ControlTables &tables, const AdminCall &, const Guardrail &object,
                   const Guardrail *before)
{
    for (qsizetype i = 0; i < object.scopeIds.size(); ++i) {
        const QString &id = object.scopeIds[i];
        const bool wasNamed = before && before->scope == object.scope
            && before->scopeIds.contains(id);
        TRY(const bool isKnown, wasNamed ? Result<bool>(true) : isThere(tables, object.scope, id));
        if (!isKnown) {
            const QString path = u"scope_ids[%1]"_s.arg(i);
            return failure(ApiError::invalidRequest(
                u"'%1' names no %2."_s.arg(path, enumName(object.scope)), path));
        }
    }
    return {};
}

} // namespace

const EntityKind<Guardrail> &guardrailKind()
{
    static const EntityKind<Guardrail> kind{
        .name = "guardrail"_L1,
        .path = "/ui/api/guardrails"_ba,
        .prefix = "gr-"_L1,
        .id = &Guardrail::id,
        .title = &Guardrail::name,
        .block = nullptr,
        .stamp = &Guardrail::stamp,
        .read = Permission::ConfigRead,
        .table = &ControlTables::guardrails,
        .scope = std::nullopt,
        .place = [](ControlTables &, const Guardrail &) -> Result<Placement> { return {}; },
        .check = check,
        .leave = [](ControlTables &, const Guardrail &) -> Result<void> { return {}; },
        .isVersioned = true};
    return kind;
}

} // namespace delta::admin
