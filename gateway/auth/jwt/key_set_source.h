#pragma once

#include "gateway/auth/jwt/key_set.h"

#include <memory>

namespace delta::auth {

/// Where the keys of an issuer come from. Safe from any thread; never waits.
class KeySetSource
{
public:
    virtual ~KeySetSource() = default;
    /// Returns the keys as they are known; null if none ever were.
    [[nodiscard]] virtual std::shared_ptr<const KeySet> current() const = 0;
    /// Says that somebody used a key that is not among them: the issuer may have it by now.
    virtual void askAnew() = 0;
};

} // namespace delta::auth
