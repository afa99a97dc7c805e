#include "gateway/admin/litellm/steps.h"

#include "gateway/admin/litellm/refusal.h"

#include <QJsonDocument>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace delta::admin::litellm {

namespace {

AdminCall callOf(const AdminCall &call, const Step &step)
{
    return {.request = call.request,
            .caller = call.caller,
            .path = step.path,
            .query = step.query,
            .body = step.body,
            .isFresh = call.isFresh,
            .isStep = true,
            .skip = step.skip};
}

} // namespace

/// Throws if there is no such route: that is a bug.
const AdminRoute &Steps::routeOf(const Step &step) const
{
    const auto route = std::ranges::find_if(m_parts.routes, [&step](const AdminRoute &each) {
        return each.method == step.method && each.pattern == step.pattern;
    });
    if (route == m_parts.routes.end()) {
        throw std::logic_error("there is no route "
                               + (step.method + ' ' + step.pattern).toStdString());
    }
    return *route;
}

Result<QJsonObject> Steps::ask(const AdminCall &call, const Step &step) const
{
    TRY(const Answer answer, m_parts.desk.ask(routeOf(step), callOf(call, step)));
    return QJsonDocument::fromJson(answer.body).object();
}

Result<void> Steps::admit(const AdminCall &call, const Step &step) const
{
    const AdminRoute &route = routeOf(step);
    return m_parts.desk.admit(*accessRow(route.method, route.pattern), callOf(call, step));
}

Result<QJsonObject> Steps::ask(const AdminCall &call, const Step &step, FieldMap map,
                               const QJsonObject &request) const
{
    return ask(call, step).transform_error([&](ApiError error) {
        return inTheirWords(map, request, std::move(error));
    });
}

Result<Answer> Steps::together(const std::function<Result<Answer>()> &work) const
{
    Answer answer;
    TRY_VOID(m_parts.store.change([&](store::ControlTables &) -> Result<void> {
        TRY(answer, work());
        return {};
    }));
    m_parts.refresh();
    return answer;
}

std::vector<AdminRoute> routesOf(const Steps &steps, const std::vector<SteppedRoute> &routes)
{
    std::vector<AdminRoute> made;
    for (const SteppedRoute &route : routes) {
        made.push_back({.method = route.method,
                        .pattern = route.pattern,
                        .handler = [&steps, answer = route.answer](
                                       const AdminCall &call) { return answer(steps, call); },
                        .refuse = refusal});
    }
    return made;
}

} // namespace delta::admin::litellm
