#include "gateway/admin/duration.h"

#include <algorithm>
#include <array>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::pair<QLatin1StringView, qint64>, 6> units{{
    {"mo"_L1, 30 * 86'400},
    {"s"_L1, 1},
    {"m"_L1, 60},
    {"h"_L1, 3'600},
    {"d"_L1, 86'400},
    {"w"_L1, 7 * 86'400},
}};
constexpr qint64 longest = 100LL * 366 * 86'400;

bool isDigit(QChar character)
{
    return character >= u'0' && character <= u'9';
}

} // namespace

Result<std::chrono::seconds> readDuration(QStringView text, const QString &field)
{
    for (const auto &[suffix, seconds] : units) {
        if (!text.endsWith(suffix)) {
            continue;
        }
        const QStringView digits = text.chopped(suffix.size());
        // toLongLong() alone would also take signs and white space.
        bool isNumber = std::ranges::all_of(digits, isDigit);
        const qint64 count = isNumber ? digits.toLongLong(&isNumber) : 0;
        if (isNumber && count > 0 && count <= longest / seconds) {
            return std::chrono::seconds(count * seconds);
        }
        break;
    }
    return failure(ApiError::invalidRequest(
        u"'%1' must be a whole number and one of s, m, h, d, w, mo, such as \"30d\" or \"12h\"."_s
            .arg(field),
        field));
}

} // namespace delta::admin
