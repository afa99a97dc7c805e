#pragma once

#include "gateway/admin/litellm/field_map.h"

#include <QJsonArray>
#include <QLatin1StringView>
#include <QString>

#include <array>
#include <span>

namespace delta::admin::litellm {

/// A role of theirs and the one of ours that it is. Where several of theirs are one of ours, the first is shown.
struct RoleRow {
    QLatin1StringView theirs;
    QLatin1StringView ours;
};

/// Finds our role, which may also be given as such. Errors: InvalidRequest naming the field and the roles.
[[nodiscard]] Result<QJsonValue> takeRole(std::span<const RoleRow> roles, const QJsonValue &value,
                                          const QString &field);
/// Returns their role for one of ours.
[[nodiscard]] QJsonValue showRole(std::span<const RoleRow> roles, const QJsonValue &ours);

/// Takes a list of models: those that stand for all that the owners may call are no limit.
/// Errors: InvalidRequest for "no-default-models", which would be no model at all.
[[nodiscard]] Result<QJsonValue> takeModels(const QJsonValue &value, const QString &field);
/// Shows null as an empty object.
[[nodiscard]] QJsonValue showObject(const QJsonValue &value);
/// Shows null as an empty list.
[[nodiscard]] QJsonValue showList(const QJsonValue &value);

/// What all kinds of objects have that spend.
inline constexpr std::array governanceFields{
    FieldRow{.theirs = QLatin1StringView("max_budget"),
             .ours = QLatin1StringView("budget.max_budget")},
    FieldRow{.theirs = QLatin1StringView("soft_budget"),
             .ours = QLatin1StringView("budget.soft_budget")},
    FieldRow{.theirs = QLatin1StringView("budget_duration"),
             .ours = QLatin1StringView("budget.budget_duration")},
    FieldRow{.theirs = QLatin1StringView("budget_reset"),
             .ours = QLatin1StringView("budget.budget_reset")},
    FieldRow{.theirs = QLatin1StringView("timezone"), .ours = QLatin1StringView("budget.timezone")},
    FieldRow{.theirs = QLatin1StringView("temp_budget_increase"),
             .ours = QLatin1StringView("budget.temp_budget_increase")},
    FieldRow{.theirs = QLatin1StringView("temp_budget_expiry"),
             .ours = QLatin1StringView("budget.temp_budget_expiry")},
    FieldRow{.theirs = QLatin1StringView("tpm_limit"),
             .ours = QLatin1StringView("limits.tpm_limit")},
    FieldRow{.theirs = QLatin1StringView("rpm_limit"),
             .ours = QLatin1StringView("limits.rpm_limit")},
    FieldRow{.theirs = QLatin1StringView("tph_limit"),
             .ours = QLatin1StringView("limits.tph_limit")},
    FieldRow{.theirs = QLatin1StringView("rph_limit"),
             .ours = QLatin1StringView("limits.rph_limit")},
    FieldRow{.theirs = QLatin1StringView("tpd_limit"),
             .ours = QLatin1StringView("limits.tpd_limit")},
    FieldRow{.theirs = QLatin1StringView("rpd_limit"),
             .ours = QLatin1StringView("limits.rpd_limit")},
    FieldRow{.theirs = QLatin1StringView("max_parallel_requests"),
             .ours = QLatin1StringView("limits.max_parallel_requests")},
};

/// Fields of all kinds that have no effect here.
inline constexpr std::array idleFields{
    idle(QLatin1StringView("budget_id")),
    idle(QLatin1StringView("budget_limits")),
    idle(QLatin1StringView("model_max_budget")),
    idle(QLatin1StringView("guardrails")),
    idle(QLatin1StringView("policies")),
    idle(QLatin1StringView("prompts")),
    idle(QLatin1StringView("object_permission")),
    idle(QLatin1StringView("router_settings")),
    idle(QLatin1StringView("allowed_passthrough_routes")),
    idle(QLatin1StringView("tpm_limit_type")),
    idle(QLatin1StringView("rpm_limit_type")),
};

} // namespace delta::admin::litellm
