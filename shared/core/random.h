#pragma once

#include <QByteArray>

#include <cstddef>
#include <span>

namespace delta {

/// Gives random bytes. Injected, so that tests own them.
class Random
{
public:
    virtual ~Random() = default;
    /// Fills the target with random bytes.
    virtual void fill(std::span<std::byte> target) = 0;
};

/// The kernel's generator, fit for keys. Safe from any thread.
class SystemRandom final : public Random
{
public:
    /// Ends the process if the kernel gives none: a guessable key is worse than no gateway.
    void fill(std::span<std::byte> target) override;
};

/// Returns a text of `length` characters of [0-9A-Za-z], each equally likely: 5.95 bits apiece,
/// so 22 of them are as hard to guess as a 128-bit number.
[[nodiscard]] QByteArray randomText(Random &random, qsizetype length);

} // namespace delta
