#pragma once

#include "tests/bench/load/key_sampler.h"
#include "tests/bench/load/load_options.h"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace delta::bench {

/// Writes the requests of a run. All are alike but for the key and, where there are several, the model.
class RequestSource final
{
public:
    explicit RequestSource(const LoadOptions &options);

    /// Returns the next request, head and body; the view ends with the next call.
    std::string_view next();

private:
    void drawModel();

    KeySampler m_keys;
    std::uniform_int_distribution<int> m_models;
    std::mt19937_64 m_random{20260102}; ///< A fixed seed, as that of the keys.
    std::size_t m_modelEnd;             ///< Behind the model's name in m_afterKey.
    std::string m_beforeKey;
    std::string m_afterKey;
    std::string m_request;
};

} // namespace delta::bench
