#pragma once

#include "tests/bench/load/key_sampler.h"
#include "tests/bench/load/load_options.h"

#include <string>
#include <string_view>

namespace delta::bench {

/// Writes the requests of a run. All are alike but for the key.
class RequestSource final
{
public:
    explicit RequestSource(const LoadOptions &options);

    /// Returns the next request, head and body; the view ends with the next call.
    std::string_view next();

private:
    KeySampler m_keys;
    std::string m_beforeKey;
    std::string m_afterKey;
    std::string m_request;
};

} // namespace delta::bench
