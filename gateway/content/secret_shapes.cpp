#include "gateway/content/secret_shapes.h"

#include <algorithm>
#include <array>

namespace delta::content {

namespace {

/// A form of secret text that begins in a known way.
struct Prefix {
    QByteArrayView text;
    qsizetype minimum; ///< Bytes that must follow: shorter ones are words, not keys.
    QByteArrayView kind = "api_key";
};

constexpr std::array prefixes{
    Prefix{"sk-", 12},         Prefix{"sk_", 12},
    Prefix{"rk_", 12},         Prefix{"pk_live_", 12},
    Prefix{"whsec_", 12},      Prefix{"AIza", 20},
    Prefix{"AKIA", 12},        Prefix{"ASIA", 12},
    Prefix{"ya29.", 16},       Prefix{"gsk_", 12},
    Prefix{"hf_", 12},         Prefix{"xai-", 12},
    Prefix{"pplx-", 12},       Prefix{"r8_", 12},
    Prefix{"nvapi-", 12},      Prefix{"ghp_", 12},
    Prefix{"gho_", 12},        Prefix{"ghu_", 12},
    Prefix{"ghs_", 12},        Prefix{"ghr_", 12},
    Prefix{"github_pat_", 12}, Prefix{"glpat-", 12},
    Prefix{"npm_", 20},        Prefix{"pypi-", 20},
    Prefix{"dop_v1_", 20},     Prefix{"shpat_", 12},
    Prefix{"SG.", 20},         Prefix{"hvs.", 12},
    Prefix{"xoxb-", 10},       Prefix{"xoxp-", 10},
    Prefix{"xoxa-", 10},       Prefix{"xoxs-", 10},
    Prefix{"xapp-", 10},       Prefix{"AGE-SECRET-KEY-", 20},
    Prefix{"eyJ", 20, "jwt"},
};

constexpr std::array<QByteArrayView, 2> schemes{"bearer", "basic"};
constexpr qsizetype shortestToken = 8;
/// What is shorter behind "bearer" and looks like a word is one.
constexpr qsizetype longestWord = 20;

/// Names whose value is a secret, at the end of whatever stands before a `=` or `:`.
constexpr std::array<QByteArrayView, 16> endings{
    "password", "passwd",     "passphrase", "secret",       "api_key",    "api-key",
    "apikey",   "access_key", "access-key", "accesskey",    "secret_key", "private_key",
    "token",    "secretkey",  "privatekey", "authorization"};
/// Members of JSON are named to the letter; "token" is none of them, for answers have tokens that are words.
constexpr std::array<QByteArrayView, 22> members{
    "authorization", "proxy_authorization", "password",     "passwd",      "passphrase",
    "secret",        "client_secret",       "api_key",      "apikey",      "x_api_key",
    "api_token",     "access_key",          "access_token", "accesstoken", "refresh_token",
    "auth_token",    "bearer_token",        "private_key",  "secret_key",  "clientsecret",
    "secretkey",     "secret_access_key"};

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isTokenByte(char c)
{
    return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '+'
        || c == '/' || c == '=';
}

bool isKeyByte(char c)
{
    return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
}

bool isQuote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

bool endsValue(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || isQuote(c)
        || QByteArrayView(",;&<>)}]\\").contains(c);
}

Found keyAt(QByteArrayView text)
{
    for (const Prefix &prefix : prefixes) {
        if (text.front() == prefix.text.front() && text.startsWith(prefix.text)) {
            const qsizetype length = countWhile(text.sliced(prefix.text.size()), isKeyByte);
            if (length >= prefix.minimum) {
                return {0, prefix.text.size() + length, prefix.kind, {}};
            }
        }
    }
    return {};
}

/// Returns the length of a scheme's name and the blanks behind it; zero if there is none.
qsizetype schemeLength(QByteArrayView text)
{
    for (const QByteArrayView scheme : schemes) {
        if (beginsWith(text, scheme)) {
            const qsizetype blanks = countWhile(text.sliced(scheme.size()), isBlank);
            return blanks > 0 ? scheme.size() + blanks : 0;
        }
    }
    return 0;
}

/// Says whether a text that is not empty consists of letters that are small but for the first, and a full stop.
bool isWord(QByteArrayView text)
{
    const auto isSmall = [](char c) { return (c >= 'a' && c <= 'z') || c == '.'; };
    return std::ranges::all_of(text.sliced(1), isSmall);
}

Found tokenAt(QByteArrayView text)
{
    const qsizetype keep = schemeLength(text);
    if (keep == 0) {
        return {};
    }
    const qsizetype length = countWhile(text.sliced(keep), isTokenByte);
    const QByteArrayView token = text.sliced(keep, length);
    if (length < shortestToken || (length < longestWord && isWord(token))) {
        return {};
    }
    return {keep, length, "token", {}};
}

Found mediaAt(QByteArrayView text)
{
    constexpr qsizetype longestType = 128;
    constexpr QByteArrayView scheme = "data:";
    constexpr QByteArrayView encoding = ";base64,";
    if (!beginsWith(text, scheme)) {
        return {};
    }
    const QByteArrayView head = text.first(std::min(text.size(), longestType));
    const qsizetype at = head.indexOf(encoding);
    const auto isOfType = [](char c) {
        return isLetterOrDigit(c) || QByteArrayView("/+-.;=_:").contains(c);
    };
    if (at < 0 || countWhile(head, isOfType) < at) {
        return {};
    }
    const qsizetype begin = at + encoding.size();
    const qsizetype length = countWhile(text.sliced(begin), isBase64);
    const QByteArray detail = text.sliced(scheme.size(), at - scheme.size()).toByteArray() + ' '
        + QByteArray::number(length / 4 * 3) + " bytes";
    return {0, begin + length, "media", detail};
}

/// Says whether what stands before a `=` or `:` ends with the name of a secret.
bool isNamedSecret(QByteArrayView before)
{
    constexpr qsizetype mostGap = 4;
    for (qsizetype gap = 0; gap < mostGap && !before.isEmpty(); ++gap) {
        if (!isBlank(before.back()) && !isQuote(before.back()) && before.back() != '\\') {
            break;
        }
        before.chop(1);
    }
    return std::ranges::any_of(endings, [before](QByteArrayView name) {
        return before.size() >= name.size() && beginsWith(before.last(name.size()), name);
    });
}

/// "password: please" is a sentence. Looks at no more than a password's length.
bool isSentence(QByteArrayView value)
{
    constexpr qsizetype longest = 64;
    const qsizetype length = countWhile(value, [](char c) { return !endsValue(c); }, longest);
    return std::ranges::none_of(value.first(length), isDigit);
}

/// Returns the length of a value that begins behind a quote, which may be one of a text within a text.
qsizetype quotedLength(QByteArrayView value)
{
    return countWhile(value, [](char c) { return !isQuote(c) && c != '\\' && c != '\n'; });
}

} // namespace

Found secretAt(QByteArrayView text)
{
    Found found = keyAt(text);
    if (!found.isSomething()) {
        found = tokenAt(text);
    }
    return found.isSomething() ? found : mediaAt(text);
}

Found privateKeyAt(QByteArrayView text)
{
    constexpr QByteArrayView begin = "-----BEGIN ";
    constexpr QByteArrayView end = "-----END ";
    constexpr qsizetype longestHead = 64;
    if (!text.startsWith(begin)
        || !text.first(std::min(text.size(), longestHead)).contains("PRIVATE KEY")) {
        return {};
    }
    const qsizetype last = text.indexOf(end);
    if (last < 0) {
        return {0, text.size(), "private_key", {}};
    }
    const QByteArrayView tail = text.sliced(last);
    const qsizetype closing =
        tail.first(std::min(tail.size(), longestHead)).indexOf("-----", end.size());
    return {0, closing < 0 ? text.size() : last + closing + 5, "private_key", {}};
}

Found valueBehind(QByteArrayView text, qsizetype place)
{
    if (!isNamedSecret(text.first(place))) {
        return {};
    }
    const QByteArrayView rest = text.sliced(place);
    qsizetype keep = 1 + countWhile(rest.sliced(1), isBlank);
    const auto isOpening = [](char c) { return isQuote(c) || c == '\\'; };
    const qsizetype quotes = countWhile(rest.sliced(keep), isOpening, 2);
    keep += quotes;
    const qsizetype scheme = schemeLength(rest.sliced(keep));
    keep += scheme;
    const QByteArrayView value = rest.sliced(keep);
    if (value.startsWith('=')) {
        return {}; // A comparison in a program.
    }
    if (rest.front() == ':' && quotes == 0 && scheme == 0 && isSentence(value)) {
        return {};
    }
    const qsizetype length = quotes > 0 ? quotedLength(value)
                                        : countWhile(value, [](char c) { return !endsValue(c); });
    return {keep, length, "credential", {}};
}

bool namesCredential(QByteArrayView name)
{
    constexpr qsizetype longestName = 32;
    if (name.size() > longestName) {
        return false;
    }
    const QByteArray plain = name.toByteArray().toLower().replace('-', '_');
    return std::ranges::contains(members, QByteArrayView(plain));
}

} // namespace delta::content
