#include "shared/models/routing_policy.h"

#include "shared/core/quoted.h"
#include "shared/models/text_rules.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qint64 mostRetries = 10;
constexpr qint64 longestWaitMs = 600'000;
constexpr qint64 longestTimeoutMs = 24LL * 3600 * 1000;
constexpr qint64 mostFails = 1'000;
constexpr qsizetype mostRules = 500;
constexpr qsizetype mostFallbacks = 20;

Result<void> checkRule(const QString &name, const QJsonValue &value, const QString &path)
{
    const QJsonArray names = value.toArray();
    if (!value.isArray() || names.isEmpty() || names.size() > mostFallbacks) {
        return failure(ApiError::invalidRequest(
            u"'%1' must be a list of 1 to %2 model names."_s.arg(path).arg(mostFallbacks), path));
    }
    QStringList known{name};
    for (qsizetype i = 0; i < names.size(); ++i) {
        const QString element = u"%1[%2]"_s.arg(path).arg(i);
        if (!names[i].isString()) {
            return failure(
                ApiError::invalidRequest(u"'%1' must be a text."_s.arg(element), element));
        }
        TRY_VOID(checkRequired(names[i].toString(), element));
        if (known.contains(names[i].toString())) {
            return failure(ApiError::invalidRequest(
                u"'%1' must be another model than %2 and those before."_s.arg(element,
                                                                              quoted(name)),
                element));
        }
        known.append(names[i].toString());
    }
    return {};
}

Result<void> checkRules(const QJsonObject &rules, const QString &path)
{
    if (rules.size() > mostRules) {
        return failure(ApiError::invalidRequest(
            u"'%1' must have at most %2 members."_s.arg(path).arg(mostRules), path));
    }
    for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
        TRY_VOID(checkRequired(rule.key(), path));
        TRY_VOID(checkRule(rule.key(), rule.value(), path + u'.' + rule.key()));
    }
    return {};
}

} // namespace

Result<void> RoutingPolicy::validate() const
{
    TRY_VOID(checkRange(numRetries, 0, mostRetries, u"num_retries"_s));
    TRY_VOID(checkRange(retryAfterMs, 0, longestWaitMs, u"retry_after_ms"_s));
    TRY_VOID(checkRange(timeoutMs.value_or(1), 1, longestTimeoutMs, u"timeout_ms"_s));
    TRY_VOID(checkRange(allowedFails, 0, mostFails, u"allowed_fails"_s));
    TRY_VOID(checkRange(cooldownMs, 0, longestTimeoutMs, u"cooldown_ms"_s));
    TRY_VOID(checkRules(fallbacks, u"fallbacks"_s));
    TRY_VOID(checkRules(contextWindowFallbacks, u"context_window_fallbacks"_s));
    return checkRules(contentPolicyFallbacks, u"content_policy_fallbacks"_s);
}

} // namespace delta
