#include "gateway/net/response_framing.h"

#include <algorithm>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

/// More digits could not be told from an overflow.
constexpr qsizetype maxLengthDigits = 18;

bool isLength(QByteArrayView value)
{
    return !value.isEmpty() && value.size() <= maxLengthDigits
        && std::ranges::all_of(value, [](char byte) { return byte >= '0' && byte <= '9'; });
}

} // namespace

std::optional<QString> framingProblem(const ports::UpstreamHead &head)
{
    int lengths = 0;
    int codings = 0;
    for (const auto &[name, value] : head.fields) {
        if (name == "content-length") {
            ++lengths;
            if (!isLength(value)) {
                return u"Content-Length is not a length"_s;
            }
        }
        if (name == "transfer-encoding") {
            ++codings;
            if (value.compare("chunked", Qt::CaseInsensitive) != 0) {
                return u"Transfer-Encoding is not just chunked"_s;
            }
        }
    }
    if (lengths + codings > 1) {
        return u"more than one Content-Length or Transfer-Encoding"_s;
    }
    if (head.status == 101) {
        return u"101 without an upgrade asked for"_s;
    }
    return std::nullopt;
}

} // namespace delta::net
