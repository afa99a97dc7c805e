#include "gateway/admin/resources/playground.h"

#include "gateway/admin/contract/model_errand.h"

#include <memory>

namespace delta::admin {

namespace {

/// Nobody is named by a key here, so that no key's limits and no key's models count.
auth::Principal personOf(const AdminCall &call)
{
    auth::KeyFacts facts;
    const bool isUser = call.caller.kind == CallerKind::User;
    facts.id = "playground:" + call.caller.id.toUtf8();
    facts.userId = isUser ? call.caller.id.toUtf8() : QByteArray();
    facts.teamId = call.path.value(0);
    facts.terms = std::make_shared<const auth::KeyTerms>();
    return {.kind = auth::PrincipalKind::Person,
            .keyId = facts.id,
            .userId = facts.userId,
            .teamId = facts.teamId,
            .organizationId = {},
            .serviceAccountId = call.caller.kind == CallerKind::ServiceAccount
                ? call.caller.id.toUtf8()
                : QByteArray(),
            .key = std::make_shared<const auth::KeyFacts>(std::move(facts))};
}

Result<Answer> chat(const AdminCall &call)
{
    Answer answer;
    answer.errand = std::make_shared<const ModelErrand>(
        ModelErrand{personOf(call), openai::Operation::ChatCompletion, {}, nullptr, {}, nullptr});
    return answer;
}

} // namespace

std::vector<AdminRoute> playgroundRoutes()
{
    return {{"POST", "/ui/api/playground/chat/completions", chat},
            {"POST", "/ui/api/playground/teams/{team_id}/chat/completions", chat}};
}

} // namespace delta::admin
