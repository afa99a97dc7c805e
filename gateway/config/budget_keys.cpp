#include "gateway/config/budget_keys.h"

#include "shared/models/budget.h"
#include "shared/models/configured_budget.h"

#include <QCryptographicHash>

#include <algorithm>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// One entry of provider_budget_config or tag_budget_config.
struct BudgetDraft {
    std::optional<Money> maxBudget;
    std::optional<Period> duration;
};

/// The decimals of the file are read as they stand: no amount ever becomes a floating-point number.
void readAmount(const Value &value, std::optional<Money> &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto amount = Money::fromUsd(text->trimmed());
    if (!amount) {
        value.fail(amount.error());
    } else if (*amount < Money()) {
        value.fail(u"must not be negative"_s);
    } else {
        target = *amount;
    }
}

void readPeriod(const Value &value, std::optional<Period> &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto period = Period::fromText(text->trimmed());
    if (!period) {
        value.fail(period.error());
    } else {
        target = *period;
    }
}

constexpr std::array entryKeys{
    required(alsoKnownAs(
        "budget_limit"_L1,
        Key<BudgetDraft>{.name = "max_budget"_L1,
                         .meaning = "What the calls may cost, in USD."_L1,
                         .type = "amount"_L1,
                         .read = [](const Value &value, const Limits &,
                                    BudgetDraft &draft) { readAmount(value, draft.maxBudget); }})),
    alsoKnownAs(
        "time_period"_L1,
        Key<BudgetDraft>{.name = "budget_duration"_L1,
                         .meaning = "When it begins anew; absent: never."_L1,
                         .type = "period"_L1,
                         .read = [](const Value &value, const Limits &,
                                    BudgetDraft &draft) { readPeriod(value, draft.duration); }}),
};
constexpr Table<BudgetDraft> entryTable{entryKeys};

/// Returns the budget of all calls, which two keys share.
Budget &gatewayBudget(ConfigDraft &draft)
{
    std::vector<Budget> &budgets = draft.config.budgets;
    const auto found = std::ranges::find(budgets, BudgetScope::Gateway, &Budget::scope);
    if (found != budgets.end()) {
        return *found;
    }
    Budget budget;
    budget.id = configuredBudgetPrefix + u"gateway"_s;
    budget.scope = BudgetScope::Gateway;
    return budgets.emplace_back(std::move(budget));
}

/// Returns an id that a name always gets. A name that an id cannot hold is represented by its SHA-256.
QString idOf(BudgetScope scope, const QString &name)
{
    constexpr qsizetype longest = 40;
    const bool isPlain = name.size() <= longest && std::ranges::all_of(name, [](QChar c) {
                             return c.unicode() < 128
                                 && (c.isLetterOrNumber() || c == u'-' || c == u'_');
                         });
    // The dot keeps a name that looks like a hash from being taken for one.
    const QString part = isPlain ? name
                                 : u"."_s
            + QString::fromLatin1(
                  QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256).toHex())
                  .first(longest);
    return configuredBudgetPrefix + u"%1-%2"_s.arg(enumName(scope), part);
}

void readBudgets(const Value &value, BudgetScope scope, ConfigDraft &draft)
{
    if (value.node().kind != YamlNode::Kind::Map) {
        failKind(value, "a map of names to budgets"_L1);
        return;
    }
    for (const YamlNode::Entry &entry : value.node().entries) {
        const Value item = value.at(entry);
        BudgetDraft read;
        readSection(item, entryTable, read);
        Budget budget;
        budget.id = idOf(scope, entry.key);
        budget.scope = scope;
        budget.scopeId = entry.key;
        budget.maxBudget = read.maxBudget;
        budget.duration = read.duration;
        if (const auto valid = budget.validate(); !valid) {
            item.fail(u"names nothing that can have a budget"_s);
        }
        draft.config.budgets.push_back(std::move(budget));
        if (scope == BudgetScope::Provider) {
            draft.budgetedProviders.push_back({entry.key, item});
        }
    }
}

} // namespace

void readGatewayLimit(const Value &value, const Limits &, ConfigDraft &draft)
{
    readAmount(value, gatewayBudget(draft).maxBudget);
}

void readGatewayPeriod(const Value &value, const Limits &, ConfigDraft &draft)
{
    readPeriod(value, gatewayBudget(draft).duration);
}

void readProviderBudgets(const Value &value, const Limits &, ConfigDraft &draft)
{
    readBudgets(value, BudgetScope::Provider, draft);
}

void readTagBudgets(const Value &value, const Limits &, ConfigDraft &draft)
{
    readBudgets(value, BudgetScope::Tag, draft);
}

void checkBudgets(const ConfigDraft &draft)
{
    for (const auto &[provider, value] : draft.budgetedProviders) {
        const bool isUsed = std::ranges::any_of(draft.config.endpoints,
                                                [&provider](const ports::Endpoint &endpoint) {
                                                    return endpoint.deployment.provider == provider;
                                                });
        if (!isUsed) {
            value.warn(u"limits nothing: no deployment has this provider"_s);
        }
    }
}

} // namespace delta::config
