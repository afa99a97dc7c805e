#include "shared/models/organization.h"

#include "shared/models/metadata.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> Organization::validate() const
{
    TRY_VOID(checkId(id, u"organization_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkMetadata(metadata, u"metadata"_s));
    return checkModels(models, u"models"_s);
}

} // namespace delta
