#include "gateway/config/credential_shape.h"

#include <QString>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

constexpr std::array prefixes{"sk-"_L1, "pk-"_L1, "Bearer "_L1, "Basic "_L1};
constexpr qsizetype shortestWord = 20;
/// Of letters and of digits each; a duration or a number has fewer letters, a name fewer digits.
constexpr std::ptrdiff_t leastOfEach = 4;

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

} // namespace

bool looksLikeCredential(QStringView text)
{
    if (std::ranges::any_of(prefixes, [text](auto prefix) {
            return text.startsWith(prefix, Qt::CaseInsensitive);
        })) {
        return true;
    }
    return text.size() >= shortestWord && !text.contains(u' ')
        && std::ranges::count_if(text, isDigit) >= leastOfEach
        && std::ranges::count_if(text, isLetter) >= leastOfEach;
}

} // namespace delta::config
