#include "gateway/identity/secrets.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <utility>

namespace delta::identity {

namespace {

constexpr qsizetype tokenLength = 43;
constexpr qsizetype sessionIdLength = 16;
constexpr std::size_t codeLength = 10;
/// Crockford's: without i, l, o and u.
constexpr QByteArrayView codeAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

Secret makeRecoveryCode(Random &random)
{
    std::array<std::byte, codeLength> bytes{};
    random.fill(bytes);
    QByteArray code;
    code.reserve(codeLength + 1);
    for (std::size_t index = 0; index < codeLength; ++index) {
        if (index == codeLength / 2) {
            code += '-';
        }
        code += codeAlphabet[std::to_integer<qsizetype>(bytes[index] & std::byte{31})];
    }
    return Secret(std::move(code));
}

/// Returns what was meant by what was typed.
QByteArray plainCode(QByteArrayView typed)
{
    QByteArray code = typed.toByteArray().toLower();
    code.removeIf([](char c) { return c == '-' || c == ' '; });
    code.replace('o', '0').replace('i', '1').replace('l', '1');
    return code;
}

} // namespace

Secret makeToken(Random &random)
{
    return Secret(randomText(random, tokenLength));
}

bool looksLikeToken(QByteArrayView text)
{
    return text.size() == tokenLength && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

QString makeSessionId(Random &random)
{
    return QString::fromLatin1(randomText(random, sessionIdLength));
}

QByteArray macFor(QByteArrayView purpose, QByteArrayView secret, const auth::Pepper &pepper)
{
    QByteArray text = purpose.toByteArray();
    text.reserve(purpose.size() + 1 + secret.size()); // A second buffer would leave a copy behind.
    text.append(':').append(secret);
    const auth::KeyMac mac = pepper.mac(text);
    wipe(text);
    return {reinterpret_cast<const char *>(mac.data()), qsizetype(mac.size())};
}

QByteArray csrfTokenOf(const QByteArray &sessionMac, const auth::Pepper &pepper)
{
    return macFor("csrf", sessionMac, pepper)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

bool isSameText(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size()
        && CRYPTO_memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size())) == 0;
}

std::vector<Secret> makeRecoveryCodes(Random &random)
{
    std::vector<Secret> codes;
    for (int index = 0; index < recoveryCodeCount; ++index) {
        codes.push_back(makeRecoveryCode(random));
    }
    return codes;
}

QByteArray recoveryMac(const QString &userId, QByteArrayView code, const auth::Pepper &pepper)
{
    return macFor("recovery:" + userId.toUtf8(), plainCode(code), pepper);
}

} // namespace delta::identity
