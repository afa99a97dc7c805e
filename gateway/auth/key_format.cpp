#include "gateway/auth/key_format.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ranges>

namespace delta::auth {

namespace {

constexpr QByteArrayView issuedPrefix = "sk-dl-";
constexpr QByteArrayView importedPrefix = "sk-";
constexpr QByteArrayView base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr qsizetype idLength = 8;
constexpr qsizetype secretLength = 43;
constexpr qsizetype checksumLength = 6;
constexpr qsizetype secretDash = issuedPrefix.size() + idLength;
constexpr qsizetype checksumDash = secretDash + 1 + secretLength;
constexpr qsizetype issuedLength = checksumDash + 1 + checksumLength;
constexpr qsizetype importedMinimum = 20;

constexpr std::array<std::uint32_t, 256> makeCrcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t index = 0; index < table.size(); ++index) {
        std::uint32_t value = index;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
        }
        table[index] = value;
    }
    return table;
}

/// Computes CRC-32 as in ISO 3309 and zlib.
std::uint32_t crc32(QByteArrayView text)
{
    static constexpr auto table = makeCrcTable();
    std::uint32_t crc = 0xffffffffU;
    for (const char c : text) {
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xffU];
    }
    return ~crc;
}

/// Writes the checksum as six base62 digits, highest first; 62^6 exceeds 2^32.
std::array<char, checksumLength> checksum(QByteArrayView text)
{
    std::array<char, checksumLength> digits{};
    std::uint32_t rest = crc32(text);
    for (char &digit : digits | std::views::reverse) {
        digit = base62[static_cast<qsizetype>(rest % 62)];
        rest /= 62;
    }
    return digits;
}

bool isBase62(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool hasIssuedForm(QByteArrayView text)
{
    if (text.size() != issuedLength || !text.startsWith(issuedPrefix)) {
        return false;
    }
    for (qsizetype index = issuedPrefix.size(); index < issuedLength; ++index) {
        const bool mustBeDash = index == secretDash || index == checksumDash;
        if (mustBeDash ? text[index] != '-' : !isBase62(text[index])) {
            return false;
        }
    }
    return true;
}

} // namespace

IssuedKey issueKey(Random &random)
{
    const QByteArray id = makeKeyId(random);
    QByteArray secret = randomText(random, secretLength);
    QByteArray text;
    text.reserve(issuedLength); // A second buffer would leave a copy of the secret in freed memory.
    text.append(issuedPrefix).append(id).append('-').append(secret);
    wipe(secret);
    const auto digits = checksum(text);
    text.append('-').append(digits.data(), checksumLength);
    return {Secret(std::move(text)), id};
}

QByteArray makeKeyId(Random &random)
{
    return randomText(random, idLength);
}

KeyShape keyShape(QByteArrayView text)
{
    if (hasIssuedForm(text)) {
        const auto digits = checksum(text.first(checksumDash));
        return std::ranges::equal(digits, text.last(checksumLength)) ? KeyShape::Issued
                                                                     : KeyShape::Misspelt;
    }
    const bool isImported = text.startsWith(importedPrefix) && text.size() >= importedMinimum
        && text.size() <= longestKey
        && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    return isImported ? KeyShape::Imported : KeyShape::Other;
}

bool looksLikeOurs(QByteArrayView text)
{
    return keyShape(text) == KeyShape::Issued;
}

} // namespace delta::auth
