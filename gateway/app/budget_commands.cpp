#include "gateway/app/budget_commands.h"

#include "gateway/admin/budget_json.h"
#include "gateway/app/command_room.h"
#include "gateway/app/console.h"
#include "shared/json/value_codec.h"

#include <optional>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// Says whose calls a budget counts: "team sales", "team_member sales/ann", "gateway".
QString scopeText(const Budget &budget)
{
    QString text(enumName(budget.scope));
    if (!budget.scopeId.isEmpty()) {
        text += u' ' + budget.scopeId;
    }
    if (!budget.memberId.isEmpty()) {
        text += u'/' + budget.memberId;
    }
    return text;
}

/// A calendar's budget begins anew as a whole, a rolling one gets back what is long ago.
QString renewalText(const limits::BudgetState &state)
{
    if (!state.renewsAt) {
        return u"never resets"_s;
    }
    const QString at = JsonCodec<WallTime>::encode(*state.renewsAt).toString();
    return state.budget.reset == BudgetReset::Rolling ? u"more at "_s + at : u"resets "_s + at;
}

void printBudget(const limits::BudgetState &state, OutputForm form)
{
    if (form == OutputForm::Json) {
        printJson(admin::budgetJson(state));
        return;
    }
    printLine(u"%1  %2  %3 USD of %4  %5"_s.arg(state.budget.id, scopeText(state.budget),
                                                state.spent.toUsd(), limitText(state),
                                                renewalText(state)));
}

ExitCode failUnknown(const QString &id)
{
    printError(u"No budget has the id \"%1\"; see: deltallm-gateway budgets list"_s.arg(id));
    return ExitCode::Failed;
}

} // namespace

ExitCode listBudgets(const Options &options)
{
    CommandRoom room;
    const auto states = openRoom(options, IfNoStore::Fail, room).and_then([&room] {
        return room.budgets->list();
    });
    if (!states) {
        return fail(states.error());
    }
    for (const limits::BudgetState &state : *states) {
        printBudget(state, options.output);
    }
    if (states->empty() && options.output == OutputForm::Text) {
        printLine(u"There are no budgets. Make one with: deltallm-gateway budgets set"_s);
    }
    return ExitCode::Ok;
}

/// Makes no store: in a mistyped folder the budget would hold nobody back, and nobody would notice.
ExitCode setBudget(const Options &options)
{
    CommandRoom room;
    const auto state = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.budgets->set(options.budget);
    });
    if (!state) {
        return fail(state.error());
    }
    printBudget(*state, OutputForm::Text);
    printLine(u"Set. Running gateways hold to it within a second."_s);
    return ExitCode::Ok;
}

ExitCode resetBudget(const Options &options)
{
    CommandRoom room;
    const auto restart = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.budgets->reset(options.budgetId, u"command line"_s, options.resetReason);
    });
    if (!restart) {
        return fail(restart.error());
    }
    if (!*restart) {
        return failUnknown(options.budgetId);
    }
    printBudget((*restart)->state, OutputForm::Text);
    printLine(u"Reset; %1 USD were spent before. Running gateways follow within a second."_s.arg(
        (*restart)->record.spentBefore.toUsd()));
    return ExitCode::Ok;
}

ExitCode removeBudget(const Options &options)
{
    CommandRoom room;
    const auto removed = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.budgets->remove(options.budgetId);
    });
    if (!removed) {
        return fail(removed.error());
    }
    if (!*removed) {
        return failUnknown(options.budgetId);
    }
    printLine(u"Removed. Running gateways forget it within a second."_s);
    return ExitCode::Ok;
}

QString limitText(const limits::BudgetState &state)
{
    const QString limit = state.limit ? state.limit->toUsd() + u" USD"_s : u"no limit"_s;
    const std::optional<Period> &duration = state.budget.duration;
    return duration ? limit + u" per "_s + duration->toText() : limit;
}

} // namespace delta::app
