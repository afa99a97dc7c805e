#include "shared/models/managed_key.h"

#include "shared/models/metadata.h"
#include "shared/models/route_rules.h"
#include "shared/models/tags.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> ManagedKey::validate() const
{
    TRY_VOID(checkText(name, u"name"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    TRY_VOID(checkText(teamId, u"team_id"_s));
    TRY_VOID(checkText(userId, u"user_id"_s));
    TRY_VOID(checkText(serviceAccountId, u"service_account_id"_s));
    TRY_VOID(checkText(organizationId, u"organization_id"_s));
    TRY_VOID(checkModels(models, u"models"_s));
    TRY_VOID(checkRoutes(allowedRoutes, u"allowed_routes"_s));
    TRY_VOID(tagList(tags, u"tags"_s));
    return checkMetadata(metadata, u"metadata"_s);
}

} // namespace delta
