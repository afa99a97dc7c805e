#include "gateway/admin/litellm/all_routes.h"

#include "gateway/admin/litellm/cost_routes.h"
#include "gateway/admin/litellm/customer_routes.h"
#include "gateway/admin/litellm/key_routes.h"
#include "gateway/admin/litellm/model_routes.h"
#include "gateway/admin/litellm/organization_routes.h"
#include "gateway/admin/litellm/spend_routes.h"
#include "gateway/admin/litellm/team_routes.h"
#include "gateway/admin/litellm/user_routes.h"

#include <iterator>

namespace delta::admin::litellm {

std::vector<AdminRoute> allRoutes(const Steps &steps)
{
    std::vector<AdminRoute> all;
    for (const auto routesOf : {teamRoutes, organizationRoutes, userRoutes, customerRoutes,
                                keyRoutes, modelRoutes, spendRoutes, costRoutes}) {
        std::vector<AdminRoute> routes = routesOf(steps);
        all.insert(all.end(), std::move_iterator(routes.begin()), std::move_iterator(routes.end()));
    }
    return all;
}

} // namespace delta::admin::litellm
