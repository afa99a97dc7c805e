#pragma once

#include "shared/core/secret.h"

#include <QByteArray>

#include <chrono>

namespace delta::auth {

/// Who is asked about credentials that are no keys and no tokens ("custom auth").
struct HookSettings {
    QByteArray
        url{};    ///< https, or http of this machine. Empty: nobody; nothing of the rest matters.
    Secret key{}; ///< By which the hook knows us, as a bearer; empty: none is sent.
    QByteArray caFile{}; ///< PEM bundle that it is trusted by; empty: the system's.
    std::chrono::milliseconds timeout{3'000}; ///< Of one question.
    std::chrono::milliseconds goodFor{
        60'000}; ///< How long a credential that was let in is at most.
    std::chrono::milliseconds refusedFor{10'000}; ///< How long one that was not is refused unasked.
    int maxConcurrent = 8;                        ///< Questions at once.

    [[nodiscard]] bool isEnabled() const
    {
        return !url.isEmpty();
    }
};

/// Says whether two settings do the same.
[[nodiscard]] inline bool isSame(const HookSettings &a, const HookSettings &b)
{
    return a.url == b.url && a.key.reveal() == b.key.reveal() && a.caFile == b.caFile
        && a.timeout == b.timeout && a.goodFor == b.goodFor && a.refusedFor == b.refusedFor
        && a.maxConcurrent == b.maxConcurrent;
}

} // namespace delta::auth
