#include "gateway/http/transport/host_rules.h"

#include <algorithm>

namespace delta::http {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isNameCharacter(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || QByteArrayView("-._~!$&'()*+,;=").contains(c);
}

bool isName(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !isHexDigit(text[i + 1]) || !isHexDigit(text[i + 2])) {
                return false;
            }
            i += 2;
        } else if (!isNameCharacter(text[i])) {
            return false;
        }
    }
    return !text.isEmpty();
}

bool isPort(QByteArrayView text)
{
    return text.size() <= 5 && std::ranges::all_of(text, isDigit) && text.toInt() <= 0xFFFF;
}

/// Takes "[::1]"; what is between the brackets is checked for its characters only.
bool isAddressLiteral(QByteArrayView text)
{
    return text.size() > 4 && std::ranges::all_of(text.sliced(1, text.size() - 2), [](char c) {
               return isHexDigit(c) || c == ':' || c == '.';
           });
}

} // namespace

bool isHostAndPort(QByteArrayView text)
{
    if (text.startsWith('[')) {
        const qsizetype end = text.indexOf(']');
        if (end < 0 || !isAddressLiteral(text.first(end + 1))) {
            return false;
        }
        const QByteArrayView rest = text.sliced(end + 1);
        return rest.isEmpty() || (rest.front() == ':' && isPort(rest.sliced(1)));
    }
    const qsizetype colon = text.indexOf(':');
    if (colon < 0) {
        return isName(text);
    }
    return isName(text.first(colon)) && isPort(text.sliced(colon + 1));
}

} // namespace delta::http
