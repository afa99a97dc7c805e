#include "shared/models/credential.h"

#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> Credential::validate() const
{
    TRY_VOID(checkId(id, u"credential_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkRequired(provider, u"provider"_s));
    TRY_VOID(checkText(origin, u"origin"_s));
    TRY_VOID(checkText(authHeaderName, u"auth_header_name"_s));
    TRY_VOID(checkText(authHeaderFormat, u"auth_header_format"_s));
    return checkProse(description, u"description"_s);
}

} // namespace delta
