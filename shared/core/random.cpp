#include "shared/core/random.h"

#include <QtGlobal>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace delta {

void SystemRandom::fill(std::span<std::byte> target)
{
    while (!target.empty()) {
        const ssize_t count = getrandom(target.data(), target.size(), 0);
        if (count >= 0) {
            target = target.subspan(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            qFatal("The kernel gives no random bytes: %s", std::strerror(errno));
        }
    }
}

QByteArray randomText(Random &random, qsizetype length)
{
    static constexpr char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr int base = sizeof alphabet - 1;
    // Bytes from here on are thrown away: they would make the first characters likelier than the
    // rest.
    constexpr int fairBytes = 256 / base * base;

    QByteArray text;
    text.reserve(length);
    std::array<std::byte, 64> pool{};
    while (text.size() < length) {
        random.fill(pool);
        for (const std::byte byte : pool) {
            const int value = std::to_integer<int>(byte);
            if (value < fairBytes && text.size() < length) {
                text += alphabet[value % base];
            }
        }
    }
    return text;
}

} // namespace delta
