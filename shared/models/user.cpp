#include "shared/models/user.h"

#include "shared/models/metadata.h"
#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> User::validate() const
{
    TRY_VOID(checkId(id, u"user_id"_s));
    TRY_VOID(checkEmail(email, u"email"_s));
    TRY_VOID(checkText(name, u"name"_s));
    TRY_VOID(checkMetadata(metadata, u"metadata"_s));
    return checkModels(models, u"models"_s);
}

} // namespace delta
