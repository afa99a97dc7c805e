#include "gateway/net/header_rules.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::net {

namespace {

/// What the upstream client writes itself; a second one would let two parties see different
/// messages.
constexpr std::array reserved{"host"_L1,       "content-length"_L1,    "content-type"_L1,
                              "connection"_L1, "transfer-encoding"_L1, "keep-alive"_L1,
                              "te"_L1,         "trailer"_L1,           "upgrade"_L1,
                              "expect"_L1,     "proxy-connection"_L1};

bool isTokenCharacter(char c)
{
    const bool isAlphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z');
    return isAlphanumeric || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

} // namespace

QString headerNameFault(QByteArrayView name)
{
    if (name.isEmpty() || !std::ranges::all_of(name, isTokenCharacter)) {
        return u"is not the name of a header field"_s;
    }
    const auto isSame = [name](QLatin1StringView other) {
        return name.compare(QByteArrayView(other), Qt::CaseInsensitive) == 0;
    };
    if (std::ranges::any_of(reserved, isSame)) {
        return u"is a header field that the gateway writes itself"_s;
    }
    return {};
}

bool isHeaderValue(QByteArrayView value)
{
    return std::ranges::all_of(value, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code == '\t' || (code >= 0x20 && code != 0x7f);
    });
}

} // namespace delta::net
