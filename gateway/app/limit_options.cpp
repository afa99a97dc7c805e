#include "gateway/app/limit_options.h"

#include "gateway/app/option_checks.h"

#include <CLI/CLI.hpp>
#include <QtTypes>

#include <cstdint>
#include <optional>

namespace delta::app {

namespace {

/// An option for one of the limits.
struct RateOption {
    const char *name;
    std::optional<qint64> RateLimits::*limit;
    const char *meaning;
};

constexpr RateOption rateOptions[] = {
    {"--rpm", &RateLimits::requestsPerMinute, "Requests a minute; no limit if not given"},
    {"--rph", &RateLimits::requestsPerHour, "Requests an hour, likewise"},
    {"--rpd", &RateLimits::requestsPerDay, "Requests a day, likewise"},
    {"--tpm", &RateLimits::tokensPerMinute, "Tokens a minute; no limit if not given"},
    {"--tph", &RateLimits::tokensPerHour, "Tokens an hour, likewise"},
    {"--tpd", &RateLimits::tokensPerDay, "Tokens a day, likewise"},
    {"--max-parallel", &RateLimits::parallelRequests,
     "Requests at the same time; no limit if not given"},
};

} // namespace

void addSubjectOptions(CLI::App &command, RawSubject &raw)
{
    command
        .add_option("--scope", raw.scope, "Whose calls it counts, e.g. team, user, key or gateway")
        ->required()
        ->check(CLI::Validator(nameFault<RateScope>, {}));
    command.add_option("--scope-id", raw.scopeId, "Id or name of that team, user, key or model");
    command.add_option("--member", raw.member, "Id of one user, of all in the team");
    command.add_option("--model", raw.model, "Count only calls to that model; to any if not given");
}

void addRateOptions(CLI::App &command, RateLimits &limits)
{
    const CLI::Range anyCount(std::int64_t(0), std::int64_t(1'000'000'000'000));
    for (const RateOption &option : rateOptions) {
        command.add_option(option.name, limits.*option.limit, option.meaning)->check(anyCount);
    }
}

RateSubject subjectOf(const RawSubject &raw)
{
    RateSubject subject;
    subject.scope = enumValue<RateScope>(textOf(raw.scope)).value_or(subject.scope);
    subject.scopeId = textOf(raw.scopeId);
    subject.memberId = textOf(raw.member);
    subject.model = textOf(raw.model);
    if (subject.scope == RateScope::Team && !subject.memberId.isEmpty()) {
        subject.scope = RateScope::TeamMember;
    }
    return subject;
}

} // namespace delta::app
