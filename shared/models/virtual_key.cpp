#include "shared/models/virtual_key.h"

#include "shared/core/quoted.h"
#include "shared/models/tags.h"

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qsizetype longestName = 255;
constexpr qsizetype longestModelName = 256;

Result<void> checkText(const QString &text, qsizetype longest, const QString &path)
{
    if (text.size() > longest) {
        return failure(ApiError::invalidRequest(
            u"'%1' must have at most %2 characters; it has %3."_s.arg(path).arg(longest).arg(
                text.size()),
            path));
    }
    if (hasUnprintable(text)) {
        return failure(ApiError::invalidRequest(
            u"'%1' must not hold control characters or line breaks."_s.arg(path), path));
    }
    return {};
}

} // namespace

Result<void> VirtualKey::validate() const
{
    TRY_VOID(checkText(alias, longestName, u"key_alias"_s));
    TRY_VOID(checkText(userId, longestName, u"user_id"_s));
    TRY_VOID(checkText(teamId, longestName, u"team_id"_s));
    TRY_VOID(checkText(organizationId, longestName, u"organization_id"_s));
    TRY_VOID(tagList(tags, u"tags"_s));
    TRY_VOID(limits.validate());
    for (qsizetype i = 0; i < models.size(); ++i) {
        const QString path = u"models[%1]"_s.arg(i);
        if (models[i].isEmpty()) {
            return failure(ApiError::invalidRequest(
                u"'%1' must not be empty; an empty list allows all models."_s.arg(path), path));
        }
        TRY_VOID(checkText(models[i], longestModelName, path));
    }
    return {};
}

} // namespace delta
