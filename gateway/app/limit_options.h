#pragma once

#include "shared/models/rate_limit.h"

#include <string>

namespace CLI {
class App;
}

namespace delta::app {

/// Whose calls a rate limit counts, as it stands on the command line. A text is empty if its option is not
/// given.
struct RawSubject {
    std::string scope;
    std::string scopeId;
    std::string member;
    std::string model;
};

/// Adds the options that name a rate limit. A value that means nothing makes the command line a wrong one.
void addSubjectOptions(CLI::App &command, RawSubject &raw);

/// Adds the options that say how often may be called, and how much at once, likewise.
void addRateOptions(CLI::App &command, RateLimits &limits);

/// Returns what the texts mean, which were checked. A member of a team has a scope of its own.
[[nodiscard]] RateSubject subjectOf(const RawSubject &raw);

} // namespace delta::app
