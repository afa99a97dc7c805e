// Bodies of the admin API, read into what they describe: what is refused names its field and leaves the object as it
// was, and what is accepted can be written and read again without a change.
#include "shared/json/json_codec.h"
#include "shared/models/budget.h"
#include "shared/models/budget_terms.h"
#include "shared/models/credential.h"
#include "shared/models/guardrail.h"
#include "shared/models/managed_key.h"
#include "shared/models/member.h"
#include "shared/models/organization.h"
#include "shared/models/rate_limit.h"
#include "shared/models/rate_limits.h"
#include "shared/models/route_group.h"
#include "shared/models/routing_policy.h"
#include "shared/models/self_service.h"
#include "shared/models/service_account.h"
#include "shared/models/stored_deployment.h"
#include "shared/models/team.h"
#include "shared/models/user.h"
#include "tests/fuzz/fuzz_input.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::fuzz::Input;
using delta::fuzz::require;

namespace {

void checkError(const ApiError &error, const QJsonObject &body, const QByteArray &text)
{
    require(error.kind == ErrorKind::InvalidRequest && !error.message.isEmpty(),
            "it is said what is wrong", text);
    require(!error.param.isEmpty() || body.contains(u""_s), "the field is named", text);
}

template <typename T>
Result<void> validated(const T &value)
{
    if constexpr (requires { value.validate(); }) {
        return value.validate();
    } else if constexpr (requires { value.validate(QString()); }) {
        return value.validate(u"self_service"_s);
    } else {
        return {};
    }
}

/// Reads a body that makes an object, and then the same one as a change of another object.
template <typename T>
void check(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (!document.isObject()) {
        return;
    }
    T value{};
    if (const auto read = applyPatch(document.object(), value); !read) {
        checkError(read.error(), document.object(), text);
        require(value == T{}, "nothing is half applied", text);
        return;
    }
    if (const auto good = validated(value); !good) {
        checkError(good.error(), document.object(), text);
        return;
    }
    const QJsonObject written = toJson(value);
    const Result<T> again = fromJson<T>(written);
    require(again.has_value(), "what was written can be read", text);
    require(toJson(*again) == written, "what was read is what was written", text);
    require(validated(*again).has_value(), "what is good stays good", text);
    T changed = value;
    require(applyPatch(document.object(), changed).has_value() && changed == value,
            "the same change twice changes nothing", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::keepQuiet();
    using Check = void (*)(const QByteArray &);
    static constexpr std::pair<char, Check> checks[] = {
        {'b', check<Budget>},       {'B', check<BudgetTerms>},
        {'c', check<Credential>},   {'d', check<StoredDeployment>},
        {'g', check<Guardrail>},    {'k', check<ManagedKey>},
        {'l', check<RateLimits>},   {'L', check<RateLimit>},
        {'m', check<TeamMember>},   {'M', check<OrganizationMember>},
        {'o', check<Organization>}, {'p', check<RoutingPolicy>},
        {'r', check<RouteGroup>},   {'s', check<ServiceAccount>},
        {'S', check<SelfService>},  {'t', check<Team>},
        {'u', check<User>}};
    const Input input(data, size);
    for (const auto &[purpose, run] : checks) {
        if (purpose == input.purpose) {
            run(input.text);
        }
    }
    return 0;
}
