#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/admin_desk.h"
#include "gateway/admin/litellm/field_map.h"
#include "gateway/auth/pepper.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/store/store.h"
#include "shared/billing/price_book.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonObject>
#include <QUrlQuery>

#include <functional>
#include <vector>

namespace delta::admin::litellm {

/// A request to a route of the admin API.
struct Step {
    QByteArray method;
    QByteArray pattern;
    QByteArrayList path = {}; ///< What stands in the places of its parameters.
    QJsonObject body = {};
    QUrlQuery query = {};
    qint64 skip = 0; ///< See AdminCall.
};

/// Answers LiteLLM's routes by steps: requests to routes of the admin API in the name of whoever asks, which decide
/// what is allowed, do it and put it into the audit log. Called on the thread that owns the store.
class Steps
{
public:
    /// Borrowed; outlives this.
    struct Parts {
        AdminDesk &desk;
        const std::vector<AdminRoute> &routes; ///< Of the admin API, once it is whole.
        store::Store &store;
        const std::function<void()> &refresh; ///< See ControlRoom.
        const Clock &clock;
        const auth::Pepper &pepper; ///< Of keys.
        const PriceBook &prices;
        const routing::EndpointMaker &endpoints;
    };

    explicit Steps(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Does a step; returns the object that answers it, which is empty where the answer is.
    /// Errors: those of the route.
    [[nodiscard]] Result<QJsonObject> ask(const AdminCall &call, const Step &step) const;
    /// The same; errors speak of a request by the names that its fields have there.
    [[nodiscard]] Result<QJsonObject> ask(const AdminCall &call, const Step &step, FieldMap map,
                                          const QJsonObject &request) const;
    /// Says whether the caller may do a step, for one that others go before. Errors: why not.
    [[nodiscard]] Result<void> admit(const AdminCall &call, const Step &step) const;
    /// Does steps that are true together or not at all. Errors: those of the work; StoreUnavailable.
    [[nodiscard]] Result<Answer> together(const std::function<Result<Answer>()> &work) const;

    /// Returns what the steps work with, for what no route does.
    [[nodiscard]] const Parts &parts() const
    {
        return m_parts;
    }
    [[nodiscard]] WallTime now() const
    {
        return m_parts.clock.wall();
    }

private:
    [[nodiscard]] const AdminRoute &routeOf(const Step &step) const;

    Parts m_parts;
};

/// A route of LiteLLM's.
struct SteppedRoute {
    QByteArray method;
    QByteArray pattern;
    Result<Answer> (*answer)(const Steps &steps, const AdminCall &call);
};

/// Makes routes whose errors are told as LiteLLM does. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> routesOf(const Steps &steps,
                                               const std::vector<SteppedRoute> &routes);

} // namespace delta::admin::litellm
