#pragma once

#include "gateway/limits/rate_loader.h"
#include "tests/support/fake_rate_limit_store.h"

namespace delta::test {

/// Rate limits as a gateway that runs has them: in a store, and in the directory that calls look into.
struct LoadedLimits {
    FakeRateLimitStore store;
    limits::RateDirectory directory;
    limits::RateLoader loader{{store, directory}};
};

/// Returns a limit of a user's requests per minute.
[[nodiscard]] inline RateLimit userLimit(const QString &user, qint64 requests)
{
    RateLimit limit;
    limit.subject = {RateScope::User, user, {}, {}};
    limit.limits.requestsPerMinute = requests;
    return limit;
}

} // namespace delta::test
