#include "shared/models/guardrail.h"

#include "shared/models/text_rules.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int mostPercent = 100;
constexpr int lastPosition = 10'000;
constexpr qsizetype mostScopeIds = 200;

Result<void> checkEntities(const Guardrail &guardrail)
{
    if (guardrail.type != GuardrailType::Pii && !guardrail.entities.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"'entities' are of guardrails of the type pii only."_s, u"entities"_s));
    }
    for (qsizetype i = 0; i < guardrail.entities.size(); ++i) {
        if (!piiEntities().contains(guardrail.entities[i])) {
            const QString path = u"entities[%1]"_s.arg(i);
            return failure(ApiError::invalidRequest(
                u"'%1' must be one of: %2."_s.arg(path, piiEntities().join(u", "_s)), path));
        }
    }
    return {};
}

Result<void> checkScope(const Guardrail &guardrail)
{
    const QStringList &ids = guardrail.scopeIds;
    const bool isOfAll = guardrail.scope == GuardrailScope::Gateway;
    if (isOfAll != ids.isEmpty()) {
        const QString message = isOfAll
            ? u"'scope_ids' must be empty where 'scope' is gateway."_s
            : u"'scope_ids' must name whose calls it guards where 'scope' is %1."_s.arg(
                  enumName(guardrail.scope));
        return failure(ApiError::invalidRequest(message, u"scope_ids"_s));
    }
    if (ids.size() > mostScopeIds) {
        return failure(ApiError::invalidRequest(
            u"'scope_ids' must have at most %1 elements."_s.arg(mostScopeIds), u"scope_ids"_s));
    }
    for (qsizetype i = 0; i < ids.size(); ++i) {
        TRY_VOID(checkRequired(ids[i], u"scope_ids[%1]"_s.arg(i)));
    }
    if (QSet(ids.begin(), ids.end()).size() != ids.size()) {
        return failure(
            ApiError::invalidRequest(u"'scope_ids' must not name one twice."_s, u"scope_ids"_s));
    }
    return {};
}

} // namespace

const QStringList &piiEntities()
{
    static const QStringList names{u"PERSON"_s,      u"EMAIL_ADDRESS"_s, u"PHONE_NUMBER"_s,
                                   u"CREDIT_CARD"_s, u"US_SSN"_s,        u"US_PASSPORT"_s,
                                   u"IBAN_CODE"_s,   u"IP_ADDRESS"_s,    u"LOCATION"_s};
    return names;
}

Result<void> Guardrail::validate() const
{
    TRY_VOID(checkId(id, u"guardrail_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    TRY_VOID(checkRange(threshold, 0, mostPercent, u"threshold"_s));
    TRY_VOID(checkRange(position, 0, lastPosition, u"position"_s));
    if (action == GuardrailAction::Redact && type != GuardrailType::Pii) {
        return failure(ApiError::invalidRequest(u"'action' redact is of guardrails of the type pii "
                                                u"only: nothing is left of an injected "
                                                "prompt that could be sent."_s,
                                                u"action"_s));
    }
    TRY_VOID(checkEntities(*this));
    return checkScope(*this);
}

} // namespace delta
