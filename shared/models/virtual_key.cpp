#include "shared/models/virtual_key.h"

#include "shared/models/route_rules.h"
#include "shared/models/tags.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> VirtualKey::validate() const
{
    TRY_VOID(checkText(alias, u"key_alias"_s));
    TRY_VOID(checkText(userId, u"user_id"_s));
    TRY_VOID(checkText(teamId, u"team_id"_s));
    TRY_VOID(checkText(organizationId, u"organization_id"_s));
    TRY_VOID(tagList(tags, u"tags"_s));
    TRY_VOID(checkRoutes(allowedRoutes, u"allowed_routes"_s));
    TRY_VOID(limits.validate());
    return checkModels(models, u"models"_s);
}

} // namespace delta
