#include "shared/models/team.h"

#include "shared/models/metadata.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> Team::validate() const
{
    TRY_VOID(checkId(id, u"team_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkText(organizationId, u"organization_id"_s));
    TRY_VOID(checkMetadata(metadata, u"metadata"_s));
    TRY_VOID(selfService.validate(u"self_service"_s));
    return checkModels(models, u"models"_s);
}

} // namespace delta
