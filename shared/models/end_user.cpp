#include "shared/models/end_user.h"

#include "shared/models/metadata.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> EndUser::validate() const
{
    TRY_VOID(checkRequired(id, u"end_user_id"_s));
    TRY_VOID(checkText(name, u"name"_s));
    return checkMetadata(metadata, u"metadata"_s);
}

} // namespace delta
