#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/ports/budget_store.h"

#include <QJsonObject>

#include <optional>

namespace delta::admin {

/// Describes a budget as it is stored, and how it stands: `spend` and `reserved`, the `limit` that
/// holds now, a temporary increase included, and what `remaining` of it is; both null if there is
/// no limit. `budget_reset_at` is when there is more again; null if not by itself.
[[nodiscard]] QJsonObject budgetJson(const limits::BudgetState &state);

/// Describes likewise how a budget stands, and not what is stored of it.
[[nodiscard]] QJsonObject standingJson(const limits::BudgetState &state);

/// Adds to the description of a key what it may spend, under LiteLLM's names; null in all of them
/// if the key has no budget of its own.
void addKeyBudget(QJsonObject &key, const std::optional<limits::BudgetState> &state);

/// Describes a reset: `reset_at`, `reset_by`, `reason`, and `spent_before` since `window_start`, in USD.
[[nodiscard]] QJsonObject resetJson(const ports::ResetRecord &record);

} // namespace delta::admin
