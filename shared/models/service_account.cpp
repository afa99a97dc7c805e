#include "shared/models/service_account.h"

#include "shared/models/metadata.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> ServiceAccount::validate() const
{
    TRY_VOID(checkId(id, u"service_account_id"_s));
    TRY_VOID(checkRequired(teamId, u"team_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    return checkMetadata(metadata, u"metadata"_s);
}

} // namespace delta
