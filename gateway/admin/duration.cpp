#include "gateway/admin/duration.h"

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

} // namespace

Result<std::chrono::seconds> readDuration(QStringView text)
{
    for (const auto &[suffix, seconds] : units) {
        if (!text.endsWith(suffix)) {
            continue;
        }
        bool isNumber = false;
        const qint64 count = text.chopped(suffix.size()).toLongLong(&isNumber);
        if (isNumber && count > 0 && count <= longest / seconds) {
            return std::chrono::seconds(count * seconds);
        }
        break;
    }
    return failure(ApiError::invalidRequest(
        u"'duration' must be a whole number and one of s, m, h, d, w, mo, such as \"30d\" or \"12h\"."_s,
        u"duration"_s));
}

} // namespace delta::admin
