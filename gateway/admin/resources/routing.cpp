#include "gateway/admin/resources/policy_kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

DocumentKind<RoutingPolicy> routingKind()
{
    return {.name = "routing"_L1, .path = "/ui/api/routing"_ba, .title = u"Routing"_s};
}

} // namespace delta::admin
