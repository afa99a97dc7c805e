#include "gateway/telemetry/scrubber.h"

#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <span>

namespace delta::telemetry {

namespace {

/// A form of secret text that begins in a known way.
struct Prefix {
    QByteArrayView text;
    qsizetype minimum; ///< Characters that must follow: shorter ones are words, not keys.
};

constexpr std::array prefixes{
    Prefix{"sk-", 4},    Prefix{"sk_", 8},         Prefix{"AIza", 20}, Prefix{"AKIA", 12},
    Prefix{"ASIA", 12},  Prefix{"gsk_", 8},        Prefix{"hf_", 8},   Prefix{"xai-", 8},
    Prefix{"pplx-", 8},  Prefix{"r8_", 8},         Prefix{"ghp_", 8},  Prefix{"ghs_", 8},
    Prefix{"glpat-", 8}, Prefix{"github_pat_", 8}, Prefix{"xoxb-", 8}, Prefix{"eyJ", 20},
};
/// Authentication schemes; the first two are taken for one wherever they stand.
constexpr std::array<QByteArrayView, 5> schemes{"bearer", "basic", "digest", "negotiate", "token"};
constexpr qsizetype shortestToken = 8;
constexpr std::array<QByteArrayView, 9> names{"api_key", "api-key",       "apikey",
                                              "token",   "secret",        "password",
                                              "passwd",  "authorization", "credential"};

bool isLetterOrDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool isTokenCharacter(char c)
{
    return isLetterOrDigit(c) || QByteArrayView("-_.~+/=").contains(c);
}

bool endsValue(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || QByteArrayView("\"',;&<>)}]\\").contains(c);
}

bool beginsWith(QByteArrayView text, QByteArrayView word)
{
    return text.size() >= word.size()
        && text.first(word.size()).compare(word, Qt::CaseInsensitive) == 0;
}

template <typename Predicate>
qsizetype countWhile(QByteArrayView text, Predicate isWanted)
{
    return std::ranges::find_if_not(text, isWanted) - text.begin();
}

/// The part of a text to mask: where it begins and how long it is; length zero for none.
struct Span {
    qsizetype begin = 0;
    qsizetype length = 0;
};

Span keyAt(QByteArrayView text)
{
    for (const Prefix &prefix : prefixes) {
        if (text.startsWith(prefix.text)) {
            const qsizetype length = countWhile(text.sliced(prefix.text.size()), isTokenCharacter);
            return {prefix.text.size(), length >= prefix.minimum ? length : 0};
        }
    }
    return {};
}

/// Returns the length of a scheme's name and the blanks behind it; zero if there is none.
qsizetype schemeLength(QByteArrayView text, std::span<const QByteArrayView> wanted)
{
    for (const QByteArrayView scheme : wanted) {
        if (beginsWith(text, scheme)) {
            const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
            const qsizetype blanks = countWhile(text.sliced(scheme.size()), isBlank);
            return blanks > 0 ? scheme.size() + blanks : 0;
        }
    }
    return 0;
}

Span tokenAt(QByteArrayView text)
{
    const qsizetype begin = schemeLength(text, std::span(schemes).first(2));
    if (begin == 0) {
        return {};
    }
    const qsizetype length = countWhile(text.sliced(begin), isTokenCharacter);
    return {begin, length >= shortestToken ? length : 0};
}

/// Finds the value in `name=value`, `"name": "value"`, `name: Bearer value`.
Span valueAt(QByteArrayView text)
{
    const auto name = std::ranges::find_if(
        names, [text](QByteArrayView each) { return beginsWith(text, each); });
    if (name == names.end()) {
        return {};
    }
    const auto isGap = [](char c) { return QByteArrayView("\"'\\ \t").contains(c); };
    qsizetype index = name->size();
    index += countWhile(text.sliced(index), isGap);
    if (index >= text.size() || (text[index] != ':' && text[index] != '=')) {
        return {};
    }
    ++index;
    index += countWhile(text.sliced(index), isGap);
    index += schemeLength(text.sliced(index), schemes);
    return {index, countWhile(text.sliced(index), [](char c) { return !endsValue(c); })};
}

Span secretAt(QByteArrayView text)
{
    for (const auto find : {keyAt, tokenAt, valueAt}) {
        if (const Span span = find(text); span.length > 0) {
            return span;
        }
    }
    return {};
}

} // namespace

QByteArray scrubbed(const QByteArray &text)
{
    QByteArray clean;
    qsizetype copied = 0;
    for (qsizetype index = 0; index < text.size(); ++index) {
        // Inside a word nothing begins: "task-1234" holds no key.
        if (!isLetterOrDigit(text[index]) || (index > 0 && isLetterOrDigit(text[index - 1]))) {
            continue;
        }
        const Span secret = secretAt(QByteArrayView(text).sliced(index));
        if (secret.length > 0) {
            clean.append(QByteArrayView(text).sliced(copied, index + secret.begin - copied))
                .append("***");
            copied = index + secret.begin + secret.length;
            index = copied - 1;
        }
    }
    return copied == 0 ? text : clean.append(QByteArrayView(text).sliced(copied));
}

} // namespace delta::telemetry
