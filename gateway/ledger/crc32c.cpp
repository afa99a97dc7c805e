#include "gateway/ledger/crc32c.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace delta::ledger {

namespace {

constexpr std::uint32_t polynomial = 0x82f63b78; ///< Castagnoli's, bits reversed.
constexpr std::size_t wordBytes = sizeof(std::uint64_t);

using Table = std::array<std::array<std::uint32_t, 256>, wordBytes>;

/// Row n is what a byte contributes when n further bytes follow it, so that a word takes eight
/// lookups.
consteval Table makeTable()
{
    Table table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
        }
        table[0][byte] = crc;
    }
    for (std::size_t row = 1; row < table.size(); ++row) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = table[row - 1][byte];
            table[row][byte] = (before >> 8) ^ table[0][before & 0xff];
        }
    }
    return table;
}

constexpr Table table = makeTable();
static_assert(std::endian::native == std::endian::little, "journal files hold little-endian words");

std::uint64_t wordAt(const char *bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, wordBytes);
    return word;
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crc32cByInstruction(std::uint32_t crc, QByteArrayView bytes)
{
    std::uint64_t value = ~crc;
    const char *next = bytes.begin();
    for (; bytes.end() - next >= static_cast<std::ptrdiff_t>(wordBytes); next += wordBytes) {
        value = __builtin_ia32_crc32di(value, wordAt(next));
    }
    auto rest = static_cast<std::uint32_t>(value);
    for (; next != bytes.end(); ++next) {
        rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(*next));
    }
    return ~rest;
}
#endif

} // namespace

std::uint32_t crc32cByTable(std::uint32_t crc, QByteArrayView bytes)
{
    crc = ~crc;
    const char *next = bytes.begin();
    for (; bytes.end() - next >= static_cast<std::ptrdiff_t>(wordBytes); next += wordBytes) {
        const std::uint64_t word = wordAt(next) ^ crc;
        crc = 0;
        for (std::size_t byte = 0; byte < wordBytes; ++byte) {
            crc ^= table[wordBytes - 1 - byte][(word >> (8 * byte)) & 0xff];
        }
    }
    for (; next != bytes.end(); ++next) {
        crc = (crc >> 8) ^ table[0][(crc ^ static_cast<unsigned char>(*next)) & 0xff];
    }
    return ~crc;
}

std::uint32_t crc32c(std::uint32_t crc, QByteArrayView bytes)
{
#if defined(__x86_64__)
    static const bool hasInstruction = __builtin_cpu_supports("sse4.2");
    if (hasInstruction) {
        return crc32cByInstruction(crc, bytes);
    }
#endif
    return crc32cByTable(crc, bytes);
}

} // namespace delta::ledger
